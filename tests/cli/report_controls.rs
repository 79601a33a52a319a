//! The controls of the report in a browser: tiles, search, links to customers, copies. Skipped without a browser.

use serde_json::json;

use crate::recorded::{PARTNER, Recorded};
use crate::report_browser::{Browser, report};
use crate::shown;

/// Selects with a script, and returns the text that a copy has.
fn copied(browser: &mut Browser, select: &str) -> String {
    let script = format!(
        "(async () => {{ getSelection().removeAllRanges(); {select};
           dispatchEvent(new Event('copy'));
           const text = getSelection().toString();
           // The script restores the selection.
           await new Promise((done) => setTimeout(done));
           if (document.querySelector('.copy')) throw new Error('the copy is still in the page');
           return text }})()"
    );
    browser.evaluate(&script).as_str().unwrap().to_owned()
}

#[test]
fn tiles_and_search_filter() {
    let Some(mut browser) = Browser::start("browser-filter") else { return };
    browser.open(&report("40", "browser-filter.html"));
    assert_eq!(browser.count(), "35 customers");
    let pressed = "[...document.querySelectorAll('#tiles button')].map((tile) => tile.getAttribute('aria-pressed'))";
    browser.click_tile("over");
    assert_eq!(browser.evaluate(pressed), json!(["true", "false", "false", "false", "false"]));
    assert_eq!(browser.column(1), ["over"; 5]);
    // Pressed tiles are alternatives. All customers near their budget are trending over, too.
    browser.click_tile("trend");
    assert_eq!(browser.count(), "13 of 35 customers");
    browser.click_tile("over");
    assert_eq!(browser.count(), "8 of 35 customers");
    browser.click_tile("trend");
    assert_eq!(browser.count(), "35 customers");

    browser.evaluate("document.getElementById('search').focus()");
    let insert =
        |browser: &mut Browser, text: &str| drop(browser.call("Input.insertText", json!({ "text": text })).unwrap());
    insert(&mut browser, "PRAIRIE  c");
    assert_eq!(browser.count(), "1 of 35 customers");
    assert!(browser.column(0)[0].starts_with("Bright Prairie Cycles\n00000000-"));
    // Sorting keeps the search.
    browser.click_head(0);
    assert_eq!(browser.rows(), 1);

    browser.evaluate("document.getElementById('search').focus()");
    insert(&mut browser, "no such name");
    assert_eq!((browser.count().as_str(), browser.rows()), ("0 of 35 customers", 0));
    assert_eq!(
        browser.evaluate("document.getElementById('nothing').innerText"),
        "No customer matches. Show all customers"
    );
    browser.evaluate("document.querySelector('#nothing button').click()");
    assert_eq!((browser.count().as_str(), browser.rows()), ("35 customers", 35));

    let currency =
        "{ const one = document.getElementById('currency'); one.value = 'EUR'; one.dispatchEvent(new Event('input')) }";
    browser.evaluate(currency);
    // With the customers whose currency comes from their locale.
    assert_eq!(browser.count(), "10 of 35 customers");
}

#[test]
fn address_with_an_id_shows_the_customer() {
    let Some(mut browser) = Browser::start("browser-link") else { return };
    let path = report("3000", "browser-link.html");
    let id = "00000000-0000-0000-0000-0000000003e8";
    let is_visible = format!(
        "(() => {{ const box = document.getElementById('{id}')?.getBoundingClientRect();
           return box !== undefined && box.top >= 0 && box.bottom <= innerHeight && document.activeElement.id === '{id}' }})()"
    );
    browser.open(&format!("{path}#{id}"));
    assert_eq!(browser.evaluate(&is_visible), true);
    // From another customer on the same page, also if the customer is filtered out.
    browser.click_tile("over");
    assert_eq!(browser.evaluate(&is_visible), false);
    let follow = |hash: &str| {
        format!("new Promise((done) => {{ addEventListener('hashchange', () => done()); location.hash = '{hash}' }})")
    };
    browser.evaluate(&follow("#00000000-0000-0000-0000-000000000004"));
    assert_eq!(browser.evaluate(&is_visible), false);
    browser.evaluate(&follow(&format!("#{}", id.to_uppercase())));
    assert_eq!(browser.evaluate(&is_visible), true);
    assert_eq!(browser.evaluate("document.querySelectorAll('.linked').length"), 1);
}

#[test]
fn copies_have_all_digits() {
    let Some(mut browser) = Browser::start("browser-copy") else { return };
    browser.open(&report("40", "browser-copy.html"));
    // The amount of one cell, selected as a cell or as its text.
    let cell = "document.querySelectorAll('#customers tbody tr')[1].cells[3]";
    for part in [cell, &format!("{cell}.firstChild")] {
        let select = format!(
            "{{ const range = new Range(); range.selectNodeContents({part}); getSelection().addRange(range) }}"
        );
        assert_eq!(copied(&mut browser, &select), "1089.81038067057465308379");
    }
    let first_rows = "{ const rows = document.querySelectorAll('#customers tr'); const range = new Range();
        range.setStartBefore(rows[0]); range.setEndAfter(rows[2]); getSelection().addRange(range) }";
    let text = copied(&mut browser, first_rows);
    let lines: Vec<_> = text.lines().collect();
    let expected = [
        "Customer\tId\tStatus\tUsed\tCost so far\tBudget\tCurrency\tProjected",
        "Crimson Mountain Nurseries\t00000000-0000-0000-0000-000000000004\tover\t550.02 %\t533.52\t97.00\tUSD\t941.51",
        "Bright Prairie Cycles\t00000000-0000-0000-0000-000000000019\tover\t363.27 %\t1089.81038067057465308379\t300.00\tGBP\t1923.19",
    ];
    assert_eq!(lines, expected);
    // Other text is copied as it is.
    assert_eq!(
        copied(&mut browser, "getSelection().selectAllChildren(document.querySelector('h1'))"),
        "5 of 35 customers are over budget, 4 near, 8 will be"
    );
}

#[test]
fn history_has_lines_and_sorts_by_pace() {
    let Some(mut browser) = Browser::start("browser-history") else { return };
    let recorded = Recorded::new();
    // The costs of today are 27.23 and 28.83.
    for age in 1..=7_u64 {
        let costs = [format!("1 {}.00 97 GBP", 27 - age), format!("2 {}.00 - EUR", 28 - 2 * age)];
        recorded.record_ago(PARTNER, age, &costs.each_ref().map(String::as_str));
    }
    let output = recorded.scratch.run(&["--sandbox", "report", "--history", "history", "--html", "report.html"]);
    assert!(output.status.success(), "{}", shown(&output));
    browser.open(recorded.scratch.0.join("report.html").to_str().unwrap());
    browser.click_head(7);
    let paces = browser.column(7);
    assert_eq!(paces[..3], ["2.12 a day", "1.03 a day", ""]);
    browser.click_head(7);
    assert_eq!(browser.column(7)[..3], ["1.03 a day", "2.12 a day", ""]);
    let heights =
        "[...document.querySelectorAll('#customers path')].map((path) => path.getBoundingClientRect().height)";
    let heights: Vec<f64> = serde_json::from_value(browser.evaluate(heights)).unwrap();
    assert!(heights.len() == 2 && heights.iter().all(|height| (1.0..=24.0).contains(height)), "{heights:?}");
}
