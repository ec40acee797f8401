import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const ROW = ".modal [name=argument_ids] .o_data_row";

tours.add("lengow_refund_a_line", {
    steps: () => [
        {
            content: "The order can be refunded",
            trigger: "button[name=action_refund]",
            run: "click",
        },
        {
            content: "Both lines are to be refunded at first",
            trigger: ".modal [name=line_ids] .o_data_row:contains(mug) [name=refund_price]:contains(.)",
        },
        {
            content: "Leave one of them out",
            trigger: ".modal [name=line_ids] .o_data_row:contains(novel) [name=is_chosen] input",
            run: "click",
        },
        {
            content: "It is left out",
            trigger: ".modal [name=line_ids] .o_data_row.text-muted:contains(novel)",
        },
        {
            content: "Choose another reason than the usual one",
            trigger: `${ROW}:contains(Reason) [name=choice_id]`,
            run: "click",
        },
        {
            content: "Look for it",
            trigger: `${ROW} [name=choice_id] input`,
            run: "edit Different",
        },
        {
            content: "Take it",
            trigger: ".o-autocomplete--dropdown-menu li:contains(Different item)",
            run: "click",
        },
        {
            content: "Send it",
            trigger: ".modal button[name=action_send]:visible",
            run: "click",
        },
        {
            content: "It says what comes next",
            trigger: ".o_notification:contains(is asked for it in a moment)",
        },
        {
            content: "The wizard is closed",
            trigger: "body:not(:has(.modal))",
        },
    ],
});

tours.add("lengow_ship_with_conditions", {
    steps: () => [
        {
            content: "Open the wizard from the sales order",
            trigger: "button[name=action_lengow_act]",
            run: "click",
        },
        {
            content: "Only what is possible now is offered; take Cancel, then Ship",
            trigger: ".modal [name=type_id] .o_selection_badge:contains(Cancel)",
            run: "click",
        },
        {
            content: "Its details are drawn",
            trigger: `${ROW}:contains(Reason)`,
        },
        {
            content: "Ship",
            trigger: ".modal [name=type_id] .o_selection_badge:contains(Ship)",
            run: "click",
        },
        {
            content: "What is missing is said",
            trigger: ".modal .alert-warning:contains(Carrier is missing)",
        },
        {
            content: "The carrier's name is not asked for",
            trigger: `${ROW}:contains(Carrier name) [name=status]:contains(Not asked for)`,
        },
        {
            content: "Choose the carrier",
            trigger: `${ROW}:first [name=choice_id]`,
            run: "click",
        },
        {
            content: "Look for another one",
            trigger: `${ROW}:first [name=choice_id] input`,
            run: "edit Other",
        },
        {
            content: "Take it",
            trigger: ".o-autocomplete--dropdown-menu li:contains(Other)",
            run: "click",
        },
        {
            content: "Now its name may be given",
            trigger: `${ROW}:contains(Carrier name) [name=status]:contains(Optional)`,
        },
        {
            content: "Enter it",
            trigger: `${ROW}:contains(Carrier name) [name=text_value]`,
            run: "click",
        },
        {
            content: "The van of the house",
            trigger: `${ROW}:contains(Carrier name) [name=text_value] input`,
            run: "edit Our van",
        },
        {
            content: "Leave the row",
            trigger: ".modal .modal-title",
            run: "click",
        },
        {
            content: "Nothing is missing; send it",
            trigger: ".modal:not(:has(.alert-warning)) button[name=action_send]:visible",
            run: "click",
        },
        {
            content: "It says what comes next",
            trigger: ".o_notification:contains(is asked for it in a moment)",
        },
    ],
});

tours.add("lengow_cancel_with_a_reason", {
    steps: () => [
        {
            content: "Cancel the sales order",
            trigger: "button[name=action_lengow_cancel]",
            run: "click",
        },
        {
            content: "The marketplace asks for the reason",
            trigger: ".modal .alert-warning:contains(Reason is missing)",
        },
        {
            content: "Give one",
            trigger: `${ROW}:contains(Reason) [name=choice_id]`,
            run: "click",
        },
        {
            content: "Look for it",
            trigger: `${ROW} [name=choice_id] input`,
            run: "edit OUT_OF",
        },
        {
            content: "Take it",
            trigger: ".o-autocomplete--dropdown-menu li:contains(OUT_OF_STOCK)",
            run: "click",
        },
        {
            content: "Send it",
            trigger: ".modal button[name=action_send]:visible",
            run: "click",
        },
        {
            content: "The sales order is cancelled",
            trigger: ".o_statusbar_status .o_arrow_button_current:contains(Cancelled)",
        },
    ],
});
