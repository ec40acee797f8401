import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");

tours.add("lengow_ignore_orders", {
    steps: () => [
        {
            content: "The list groups what is to fix by the reason",
            trigger: ".o_list_view .o_group_header:contains(Unknown product)",
            run: "click",
        },
        {
            content: "Each order says what is wrong and what to do",
            trigger:
                ".o_data_row:has([name=error_message]:contains(no product for)) [name=remedy]:contains(Choose Map Product)",
        },
        {
            content: "Select it",
            trigger: ".o_data_row .o_list_record_selector input",
            run: "click",
        },
        {
            content: "Ignore it",
            trigger: ".o_control_panel button[name=action_ignore]",
            run: "click",
        },
        {
            content: "Mean it",
            trigger: ".modal-footer .btn-primary",
            run: "click",
        },
        {
            content: "It tells what it did",
            trigger: ".o_notification:contains(1 orders are ignored)",
        },
        {
            content: "Nothing is left to fix",
            trigger: ".o_view_nocontent:contains(Nothing to fix)",
        },
    ],
});

tours.add("lengow_import_by_number", {
    steps: () => [
        {
            content: "Open the menu",
            trigger: "button[data-menu-xmlid='sale_lengow.menu_lengow_orders']",
            run: "click",
        },
        {
            content: "Import by number",
            trigger: "a[data-menu-xmlid='sale_lengow.menu_lengow_import_orders']",
            run: "click",
        },
        {
            content: "The only account is chosen already; enter two numbers",
            trigger: ".modal:has([name=account_id] input) [name=numbers] textarea",
            run: "edit T-1, no-such-number",
        },
        {
            content: "Import",
            trigger: ".modal button[name=action_import]",
            run: "click",
        },
        {
            content: "One is not there",
            trigger: ".modal .o_data_row:contains(no-such-number):contains(Not found)",
        },
        {
            content: "One is imported: open it",
            trigger: ".modal .o_data_row:contains(T-1):contains(Imported) button[name=action_view_order]",
            run: "click",
        },
        {
            content: "It is the order",
            trigger: ".o_form_view .o_statusbar_status .o_arrow_button_current:contains(Imported)",
        },
    ],
});
