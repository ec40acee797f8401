"""Telling Lengow to fetch the sources of a catalogue: `/v3.0/preprocessing/job/`."""

from .errors import ApiError


def create_job(simulator, request):
    """Take a task that fetches a catalogue.

    :param Simulator simulator: the application
    :param Request request: the request, with `account_id` and `catalog`, which the table
        of parameters calls `catalog_id`
    :return: the task
    :rtype: tuple[int, dict]
    :raise ApiError: 400 without one of them, 530 for a catalogue that does not exist
    :source: 002, "Preprocessing"; 000, "Code 530"
    """
    account_id = simulator.check_account(request, request.args.get("account_id"))
    given = request.args.get("catalog") or request.args.get("catalog_id")
    if not given:
        raise ApiError(400, "catalog_id is mandatory")
    if not given.isdigit():
        raise ApiError(400, "catalog_id must be an integer")
    catalog = int(given)
    if catalog not in request.account.get("catalogs", ()):
        raise ApiError(530, f"Catalog {catalog} does not exist")
    job = {"id": len(simulator.preprocessing_jobs) + 1, "catalog_id": catalog}
    simulator.preprocessing_jobs.append({"account_id": account_id, **job})
    return 201, job


ROUTES = (("GET", "/v3.0/preprocessing/job/", create_job),)
