import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");
// Not the first one, which is selected until then.
const NEW_ROW = "[name=column_ids] .o_data_row ~ .o_data_row.o_selected_row";

tours.add("lengow_look_after_a_feed", {
    steps: () => [
        {
            content: "Open the feed",
            trigger: ".o_list_view .o_data_row:contains(Catalogue) [name=name]",
            run: "click",
        },
        {
            content: "It is built, and its address is there to be copied",
            trigger:
                ".o_form_view:has(.o_arrow_button_current:contains(Ready)) [name=url]:contains(/lengow/feed/)",
        },
        {
            content: "The products that are chosen are counted",
            trigger: "[name=domain]:contains(record(s))",
        },
        {
            content: "Look at the first rows",
            trigger: ".o_notebook_headers a:contains(Preview)",
            run: "click",
        },
        {
            content: "They are shown below their headers, as text",
            trigger: "[name=preview] table:has(th:contains(ID_PRODUCT)) td:contains(<b>Mug</b>)",
        },
        {
            content: "Look at the warnings",
            trigger: ".o_notebook_headers a:contains(Warnings)",
            run: "click",
        },
        {
            content: "See which products have no barcode",
            trigger:
                "[name=warning_ids] .o_data_row:contains(without a barcode) button[name=action_view_products]",
            run: "click",
        },
        {
            content: "They are listed: open it",
            trigger: ".o_list_view .o_data_row [name=default_code]:contains(MUG)",
            run: "click",
        },
        {
            content: "Give it a barcode",
            trigger: ".o_form_view [name=barcode] input",
            run: "edit 4006381333931",
        },
        {
            content: "Save it",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "Go back to the feed",
            trigger: ".o_form_saved .o_back_button, .breadcrumb-item a:contains(Catalogue)",
            run: "click",
        },
        {
            content: "Have it built",
            trigger: ".o_statusbar_buttons button[name=action_build]",
            run: "click",
        },
        {
            content: "It is built in the background",
            trigger: ".o_notification:contains(built in the background)",
        },
    ],
});

tours.add("lengow_add_a_column", {
    steps: () => [
        {
            content: "Open the feed",
            trigger: ".o_list_view .o_data_row:contains(Catalogue) [name=name]",
            run: "click",
        },
        {
            content: "Look at the columns",
            trigger: ".o_notebook_headers a:contains(Columns)",
            run: "click",
        },
        {
            content: "Rename the first one",
            trigger: "[name=column_ids] .o_data_row:first [name=name]",
            run: "click",
        },
        {
            content: "Call it as the shop does",
            trigger: "[name=column_ids] .o_data_row:first [name=name] input",
            run: "edit SKU",
        },
        {
            content: "Add another column",
            trigger: "[name=column_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            content: "Name it",
            trigger: `${NEW_ROW} [name=name] input`,
            run: "edit SHOP",
        },
        {
            content: "Choose what it holds",
            trigger: `${NEW_ROW} [name=kind] input`,
            run: "click",
        },
        {
            content: "A fixed text",
            trigger: ".o_select_menu_item:contains(Fixed text)",
            run: "click",
        },
        {
            content: "This text",
            trigger: `${NEW_ROW} [name=text] input`,
            run: "edit Mine",
        },
        {
            content: "Save it",
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "Look at the first rows",
            trigger: ".o_form_saved .o_notebook_headers a:contains(Preview)",
            run: "click",
        },
        {
            content: "The columns are as they were just saved",
            trigger:
                "[name=preview] table:has(th:contains(SKU)):has(th:contains(SHOP)) td:contains(Mine)",
        },
    ],
});
