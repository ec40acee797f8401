from . import (
    test_client,
    test_order_pipeline,
    test_simulator,
)
