import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

const tours = registry.category("web_tour.tours");

tours.add("lengow_repair_order", {
    steps: () => [
        ...stepUtils.goToAppSteps("sale_lengow.menu_lengow_root", "Open the Lengow app"),
        {
            content: "The app opens its orders, the imported one among them",
            trigger: ".o_list_view:has(.o_data_row:contains(Imported)):has(.o_data_row:contains(Error))",
        },
        {
            content: "Open the filters",
            trigger: ".o_searchview_dropdown_toggler",
            run: "click",
        },
        {
            content: "Keep what is to fix",
            trigger: ".o_filter_menu .o_menu_item:contains(To fix)",
            run: "click",
        },
        {
            content: "Only the order in error is left",
            trigger: ".o_list_view:not(:has(.o_data_row:contains(Imported))) .o_data_row:contains(Error)",
        },
        {
            content: "Open it",
            trigger: ".o_data_row:contains(Unknown product) [name=marketplace_order_id]",
            run: "click",
        },
        {
            content: "It says what is wrong",
            trigger: ".o_form_view .alert-danger:contains(no product for)",
        },
        {
            content: "It says what to do",
            trigger: ".o_form_view .alert-danger:contains(Choose Map Product)",
        },
        {
            content: "The product has been mapped meanwhile: retry",
            trigger: ".o_statusbar_buttons button[name=action_retry]",
            run: "click",
        },
        {
            content: "It tells how it went",
            trigger: ".o_notification:contains(1 imported)",
        },
        {
            content: "The order is imported, and no alert is left",
            trigger:
                ".o_form_view:not(:has(.alert-danger)) .o_statusbar_status .o_arrow_button_current:contains(Imported)",
        },
        {
            content: "Open the sale order",
            trigger: "button[name=action_view_sale_orders]",
            run: "click",
        },
        {
            content: "Go back to the marketplace order",
            trigger: "button[name=action_view_lengow_order]",
            run: "click",
        },
        {
            content: "It is the order that we came from",
            trigger: ".o_form_view button[name=action_view_sale_orders]",
        },
    ],
});

function connectSteps(keysSteps) {
    return [
        {
            content: "Open the account",
            trigger: ".o_list_view .o_data_row:contains(Test) [name=name]",
            run: "click",
        },
        {
            content: "It is not connected yet",
            trigger: ".o_form_view .o_arrow_button_current:contains(Not Connected)",
        },
        ...keysSteps,
        {
            content: "Connect",
            trigger: "button[name=action_connect]:contains(Connect)",
            run: "click",
        },
        {
            content: "It tells that it is connected",
            trigger: ".o_notification:contains(Connected)",
        },
        {
            content: "The account shows it too",
            trigger: ".o_form_view .o_arrow_button_current:contains(/^Connected/)",
        },
        {
            content: "Import now",
            trigger: "button[name=action_import_now]",
            run: "click",
        },
        {
            content: "It tells that the import started",
            trigger: ".o_notification:contains(Import started)",
        },
    ];
}

tours.add("lengow_connect_as_manager", {
    steps: () =>
        connectSteps([
            {
                content: "There are keys, which a manager may not see, nor send elsewhere",
                trigger:
                    ".o_form_view:not(:has([name=access_token], [name=secret], [name=base_url] input)) [name=has_keys]",
            },
        ]),
});

tours.add("lengow_connect_as_administrator", {
    steps: () =>
        connectSteps([
            {
                content: "The access token is masked",
                trigger: "[name=access_token] input[type=password]",
            },
            {
                content: "The secret is masked",
                trigger: "[name=secret] input[type=password]",
            },
        ]),
});
