//! The messages for invalid sheets. Nothing is sent.

use crate::scratch::{Scratch, counters, sheet};
use crate::{ONE, SandboxProcess, assert_shown, shown};

const TWO: &str = "00000000-0000-0000-0000-000000000002";

/// The message of `plan` for a sheet. Checks that `apply` prints the same and that neither makes a call.
fn refused(bytes: impl AsRef<[u8]>) -> String {
    let (scratch, sandbox) = (Scratch::new(), SandboxProcess::start(&[]));
    scratch.write("budgets.csv", bytes);
    let planned = shown(&scratch.call(&sandbox, &["plan", "budgets.csv"]));
    let applied = shown(&scratch.call(&sandbox, &["apply", "budgets.csv", "--yes"]));
    assert_eq!(planned, applied);
    assert_eq!(counters(&sandbox)["calls"], 0);
    assert!(planned.starts_with("exit code: 2\n"), "{planned}");
    planned
}

#[test]
fn reports_a_wrong_delimiter() {
    assert_shown!(refused(format!("customer|amount\n{ONE}|1\n")), @"
    exit code: 2
    --- stdout
    --- stderr
    budgets.csv:1:1: no column for the customer in `customer|amount`; name one `customer`, with ; , or a tab between the columns
    budgets.csv:1:1: no column for the amount in `customer|amount`; name one `amount`, with ; , or a tab between the columns
    error: cannot use budgets.csv
      why: 2 problems, listed above
     next: correct the listed problems; nothing was sent
    ");
}

#[test]
fn reports_missing_and_duplicate_columns() {
    assert_shown!(refused(format!("id;what\n{ONE};1\n")), @"
    exit code: 2
    --- stdout
    --- stderr
    budgets.csv:1:1: no column for the customer in `id;what`; name one `customer`, with ; , or a tab between the columns
    budgets.csv:1:1: no column for the amount in `id;what`; name one `amount`, with ; , or a tab between the columns
    error: cannot use budgets.csv
      why: 2 problems, listed above
     next: correct the listed problems; nothing was sent
    ");
    assert_shown!(refused(format!("customer,amount,budget\n{ONE},1,2\n")), @"
    exit code: 2
    --- stdout
    --- stderr
    budgets.csv:1:1: 2 columns for the amount; keep one
    error: cannot use budgets.csv
      why: 1 problem, listed above
     next: correct the listed problems; nothing was sent
    ");
}

#[test]
fn refuses_other_excel_formats_and_says_how_to_save() {
    let text = format!("customer;amount\r\n{ONE};1\r\n");
    let without_mark: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_shown!(refused(without_mark), @r#"
    exit code: 2
    --- stdout
    --- stderr
    budgets.csv:1:1: the file has zero bytes, as UTF-16 without a byte order mark has; save it in Excel as "CSV UTF-8 (Comma delimited)"
    error: cannot use budgets.csv
      why: 1 problem, listed above
     next: correct the listed problems; nothing was sent
    "#);
    let windows_1252 = [b"customer;name;amount\r\n", ONE.as_bytes(), b";M\xFCller;1\r\n"].concat();
    assert_shown!(refused(windows_1252), @r#"
    exit code: 2
    --- stdout
    --- stderr
    budgets.csv:2:39: the file is not UTF-8, as Excel's plain "CSV" is not; save it in Excel as "CSV UTF-8 (Comma delimited)"
    error: cannot use budgets.csv
      why: 1 problem, listed above
     next: correct the listed problems; nothing was sent
    "#);
    assert_shown!(refused(b"PK\x03\x04\x14\x00\x06\x00"), @r#"
    exit code: 2
    --- stdout
    --- stderr
    budgets.csv:1:1: the file is a workbook, not CSV; save it in Excel as "CSV UTF-8 (Comma delimited)"
    error: cannot use budgets.csv
      why: 1 problem, listed above
     next: correct the listed problems; nothing was sent
    "#);
}

#[test]
fn finds_one_bad_line_among_5000() {
    let (line, column) = (3_457, 38);
    let sheet: Vec<_> = sheet(5_000, "100").lines().map(str::to_owned).collect();
    let mut sheet = sheet;
    sheet[line - 1] = sheet[line - 1].replace(",100", ",\"1,234.56\"");
    let message = refused(sheet.join("\r\n"));
    assert!(
        message.contains(&format!("budgets.csv:{line}:{column}: `1,234.56` is not a plain number; write `1234.56`\n")),
        "{message}"
    );
    assert!(message.contains("why: 1 problem, listed above"), "{message}");
}

#[test]
fn lists_all_bad_cells_with_their_positions() {
    let sheet = format!(
        "Notes;Budget;Customer Tenant ID\n\nok;10;{ONE}\n\"a;b\";1.234,56;{TWO}\n;€ 20;{TWO}\n;1,234;{TWO}\n;x;no-guid\n;5;\n;1;{TWO};7\n;6\n\
         ;20;{ONE}\n"
    );
    assert_shown!(refused(sheet), @"
    exit code: 2
    --- stdout
    --- stderr
    budgets.csv:4:7: `1.234,56` is not a plain number; write `1234.56`
    budgets.csv:5:2: `€ 20` is not a plain number; write `20`
    budgets.csv:6:2: `1,234` can mean several amounts; write `1234` or `1.2340`
    budgets.csv:7:4: `no-guid` is not a customer id; write the GUID of its tenant, such as [fresh guid]
    budgets.csv:7:2: `x` is not an amount; write digits with at most one point, such as 2500.50, or `none` for no budget
    budgets.csv:8:4: no customer; write the GUID of its tenant, such as [fresh guid]
    budgets.csv:9:41: 4 cells, but the first line names 3; write decimals with a point, and quote cells that contain `;`
    budgets.csv:10:2: 2 of 3 cells, so the customer or the amount is missing; to leave a budget unchanged, write the cell and keep it empty
    budgets.csv:11:2: customer 00000000-0000-0000-0000-000000000001 has another amount on line 3; keep one of both lines
    error: cannot use budgets.csv
      why: 9 problems, listed above
     next: correct the listed problems; nothing was sent
    ");
}

#[test]
fn lists_the_first_twenty_bad_lines() {
    let message = refused(sheet(25, "x"));
    assert_eq!(message.matches("budgets.csv:").count(), 20, "{message}");
    assert!(
        message.contains("\nand 5 more\nerror: cannot use budgets.csv\n  why: 25 problems, listed above\n"),
        "{message}"
    );
}

#[test]
fn refuses_a_decimal_comma_between_commas() {
    assert_shown!(refused(format!("customer,amount\n{ONE},1234,56\n")), @"
    exit code: 2
    --- stdout
    --- stderr
    budgets.csv:2:43: 3 cells, but the first line names 2; write decimals with a point, and quote cells that contain `,`
    error: cannot use budgets.csv
      why: 1 problem, listed above
     next: correct the listed problems; nothing was sent
    ");
    assert_shown!(refused(format!("customer,amount,,\n{ONE},1234,56,\n")), @"
    exit code: 2
    --- stdout
    --- stderr
    budgets.csv:2:43: 4 cells, but the first line names 2; write decimals with a point, and quote cells that contain `,`
    error: cannot use budgets.csv
      why: 1 problem, listed above
     next: correct the listed problems; nothing was sent
    ");
}

#[test]
fn unclosed_quote_hides_no_lines() {
    assert_shown!(refused(format!("customer,amount,name\n{ONE},1,\"open\n{TWO},2,b\n")), @r#"
    exit code: 2
    --- stdout
    --- stderr
    budgets.csv:2:40: unclosed quote; close it at the end of the cell, and write `""` for a quote inside a cell
    error: cannot use budgets.csv
      why: 1 problem, listed above
     next: correct the listed problems; nothing was sent
    "#);
    assert_shown!(refused(format!("customer,amount,name\n{ONE},1,\"open\n{TWO},2,close\"\n")), @"
    exit code: 2
    --- stdout
    --- stderr
    budgets.csv:2:40: a quoted cell contains whole rows; close the quote on its line, or write no quote
    error: cannot use budgets.csv
      why: 1 problem, listed above
     next: correct the listed problems; nothing was sent
    ");
    assert_shown!(refused(format!("customer,amount,name\n{ONE},1,\"open\n{TWO},2,\"b\"\n")), @r#"
    exit code: 2
    --- stdout
    --- stderr
    budgets.csv:2:40: unclosed quote; close it at the end of the cell, and write `""` for a quote inside a cell
    error: cannot use budgets.csv
      why: 1 problem, listed above
     next: correct the listed problems; nothing was sent
    "#);
}

#[test]
fn reports_a_sheet_without_rows() {
    assert_shown!(refused(""), @"
    exit code: 2
    --- stdout
    --- stderr
    budgets.csv:1:1: the sheet is empty; its first line names the columns, such as `customer,amount`
    error: cannot use budgets.csv
      why: 1 problem, listed above
     next: correct the listed problems; nothing was sent
    ");
    assert_shown!(refused("customer,amount\n\n"), @"
    exit code: 2
    --- stdout
    --- stderr
    budgets.csv:1:1: the sheet has no rows; write one for each customer below the names of the columns
    error: cannot use budgets.csv
      why: 1 problem, listed above
     next: correct the listed problems; nothing was sent
    ");
}

#[test]
fn reports_a_missing_file() {
    assert_shown!(shown(&Scratch::new().run(&["plan", "nowhere.csv"])), @"
    exit code: 2
    --- stdout
    --- stderr
    error: cannot read nowhere.csv
      why: No such file or directory
     next: check the path and that you may read the file
    ");
}

#[test]
fn reads_utf_16_and_reports_positions_of_an_editor() {
    let text = format!("customer\tname\tamount\r\n{ONE}\tMüller 🚀\t1.234\r\n{TWO}\tx\t1,5\r\n");
    let utf_16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
    assert_shown!(refused([vec![0xFF, 0xFE], utf_16(&text)].concat()), @"
    exit code: 2
    --- stdout
    --- stderr
    budgets.csv:2:47: `1.234` can mean several amounts; write `1234` or `1,2340`
    error: cannot use budgets.csv
      why: 1 problem, listed above
     next: correct the listed problems; nothing was sent
    ");
    let lone = [vec![0xFF, 0xFE], utf_16("customer\tname\tamount\r\nM"), vec![0x00, 0xD8, 0x0A, 0x00]].concat();
    assert_shown!(refused(lone), @r#"
    exit code: 2
    --- stdout
    --- stderr
    budgets.csv:2:2: half a character (a lone surrogate of UTF-16); write the cell again, or save it in Excel as "CSV UTF-8 (Comma delimited)"
    error: cannot use budgets.csv
      why: 1 problem, listed above
     next: correct the listed problems; nothing was sent
    "#);
}

#[test]
fn sep_line_alone_is_not_a_sheet() {
    assert_shown!(refused("sep=;\r\n\r\n"), @"
    exit code: 2
    --- stdout
    --- stderr
    budgets.csv:1:1: the sheet ends below this line; the next one names the columns, such as `customer;amount`
    error: cannot use budgets.csv
      why: 1 problem, listed above
     next: correct the listed problems; nothing was sent
    ");
}

#[test]
fn contradictory_decimal_marks_are_one_problem() {
    let rows = format!("customer;amount\n{ONE};1200.50\n{TWO};2500,50\n{TWO};7,5\nx;80k\n");
    assert_shown!(refused(rows), @"
    exit code: 2
    --- stdout
    --- stderr
    budgets.csv:3:38: `2500,50` has a decimal comma, but `1200.50` on line 2 has a decimal point; write all amounts with a decimal point, or choose with --decimal comma or --decimal point
    budgets.csv:5:1: `x` is not a customer id; write the GUID of its tenant, such as [fresh guid]
    budgets.csv:5:3: `80k` is not an amount; write digits with at most one point, such as 2500.50, or `none` for no budget
    error: cannot use budgets.csv
      why: 3 problems, listed above
     next: correct the listed problems; nothing was sent
    ");
    let rows: String = (1..=30).map(|number| format!("{},\"2500,50\"\n", crate::scratch::id(number))).collect();
    assert_shown!(refused(format!("customer,amount\n{rows}")), @"
    exit code: 2
    --- stdout
    --- stderr
    budgets.csv:2:38: `2500,50` has a decimal comma, but commas also separate the columns; write all amounts with a decimal point, or choose with --decimal comma or --decimal point
    error: cannot use budgets.csv
      why: 1 problem, listed above
     next: correct the listed problems; nothing was sent
    ");
    // An amount with commas between thousands has a decimal point.
    assert!(
        refused(format!("customer;amount\n{ONE};1,234,567\n{TWO};2500,50\n")).contains("why: 1 problem, listed above")
    );
}

/// A suggestion must not drop a part of the cell.
#[test]
fn suggestions_never_change_an_amount() {
    for cell in ["80,00-", "–5", "80k", "1,5 Mio", "80.50.", "12,345,67", "≤80", "80 CR"] {
        let message = refused(format!("customer;amount\n{ONE};{cell}\n"));
        assert!(message.contains(&format!("`{cell}` is not an amount; write digits")), "{message}");
    }
    for (cell, advice) in [
        ("1.000,-", "is not a plain number; write `1000`\n"),
        ("€ 1.000", "can mean several amounts; write `1000` or `1.0000`\n"),
        ("\u{2212}5", "is not a plain number; write `-5`\n"),
    ] {
        let message = refused(format!("customer;amount\n{ONE};{cell}\n"));
        assert!(message.contains(&format!("`{cell}` {advice}")), "{message}");
    }
}
