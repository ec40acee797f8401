import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

/** Wait until the notice stands at a state. */
function isAt(state) {
    return {
        content: `The notice is at ${state}`,
        trigger: `.o_form_view .o_statusbar_status .o_arrow_button_current:contains(${state})`,
    };
}

function click(name) {
    return {
        content: `Click ${name}`,
        trigger: `.o_statusbar_buttons button[name=${name}]`,
        run: "click",
    };
}

const confirmIt = {
    content: "Confirm the question",
    trigger: ".modal .modal-footer .btn-primary",
    run: "click",
};

tours.add("lengow_ship_to_the_marketplace", {
    steps: () => [
        {
            content: "The transfer goes to the marketplace: make a notice of it",
            trigger: ".o_form_view button[name=action_lengow_create_notice]",
            run: "click",
        },
        {
            content: "The marketplace and the transfer are known",
            trigger: ".modal .o_field_widget[name=picking_id]:has(input)",
        },
        {
            content: "Look at the items first",
            trigger: ".modal button[name=action_check]",
            run: "click",
        },
        {
            content: "Both are there, and nothing is wrong",
            trigger:
                ".modal .o_form_view:not(:has(.alert-warning)) .o_field_widget[name=line_ids] .o_data_row:eq(1)",
        },
        {
            content: "Make the notice",
            trigger: ".modal button[name=action_create_notice]",
            run: "click",
        },
        isAt("Draft"),
        {
            content: "Nothing but its creation is offered",
            trigger: ".o_statusbar_buttons:not(:has(button[name=action_announce]))",
        },
        click("action_create_at_lengow"),
        isAt("Created"),
        click("action_announce"),
        isAt("Announced"),
        {
            content: "The marketplace has looked at each item",
            trigger: ".o_field_widget[name=line_ids] .o_data_row [name=announced_validation]:contains(valid)",
        },
        click("action_confirm_announcement"),
        confirmIt,
        isAt("Confirmed"),
        click("action_refresh"),
        isAt("Awaited"),
        {
            content: "The confirmed delivery is on top",
            trigger: ".oe_title:contains(confirmed)",
        },
        {
            content: "Open the transfer",
            trigger: "button[name=action_view_picking]",
            run: "click",
        },
        {
            content: "Validate it",
            trigger: ".o_statusbar_buttons button[name=button_validate]",
            run: "click",
        },
        {
            content: "The dispatch is offered: what was picked",
            trigger: ".modal .o_field_widget[name=dispatched_total]:contains(8)",
        },
        {
            content: "Dispatch",
            trigger: ".modal button[name=action_dispatch]",
            run: "click",
        },
        isAt("Shipped"),
        {
            content: "Where the shipment is",
            trigger: ".o_notebook_headers .nav-link[name=tracking]",
            run: "click",
        },
        {
            content: "Its tour has come to the warehouse meanwhile",
            trigger: ".o_field_widget[name=tour_ids] .o_data_row:contains(unloaded):contains(Erfurt)",
        },
        click("action_refresh"),
        isAt("Closed"),
        {
            content: "No step is offered any more",
            trigger:
                ".o_statusbar_buttons:not(:has(button[name=action_confirm_dispatch])):not(:has(button[name=action_open_dispatch]))",
        },
    ],
});

tours.add("lengow_see_what_arrived", {
    steps: () => [
        {
            content: "As much has arrived as was dispatched",
            trigger:
                ".o_form_view:has(.o_group [name=dispatched_total]:contains(8)) .o_group [name=received_total]:contains(8)",
        },
        {
            content: "Of each item too",
            trigger: ".o_field_widget[name=line_ids] .o_data_row:contains(5) [name=received_quantity]:contains(5)",
        },
        {
            content: "Open the movements",
            trigger: "button[name=action_view_movements]",
            run: "click",
        },
        {
            content: "Each piece is one",
            trigger: ".o_list_view .o_data_row:eq(7):contains(Received)",
        },
    ],
});

tours.add("lengow_fetch_documents", {
    steps: () => [
        {
            content: "List the documents",
            trigger: ".modal button[name=action_list]",
            run: "click",
        },
        {
            content: "Fetch the stored report",
            trigger: ".modal .o_data_row:contains(Ready) button[name=action_download]",
            run: "click",
        },
        {
            content: "It can be saved",
            trigger: ".modal .o_data_row:contains(Ready) button[name=action_open]",
        },
        {
            content: "Say which EANs the other one is about",
            trigger: ".modal .o_field_widget[name=ean_list] textarea",
            run: "edit 3760012340019",
        },
        {
            content: "Fetch the one that is made on demand",
            trigger: ".modal .o_data_row:contains(Real-time) button[name=action_download]",
            run: "click",
        },
        {
            content: "It can be saved too",
            trigger: ".modal .o_data_row:contains(Real-time) button[name=action_open]",
        },
    ],
});
