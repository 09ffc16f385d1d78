"""Decisions on the verification page: one by one, in the dialog, in bulk, and taken back."""

from tests.support.hotel import Hotel, headers
from tests.verification.make import Client, hidden, make_logs, page, said, send, statuses
from topline.core.transaction import Database


def test_a_quick_decision_takes_its_row_away_and_offers_undo(
    client: Client, database: Database, hotel: Hotel
) -> None:
    first, second = make_logs(database, hotel, hotel.sam, 2)
    view = hidden(page(client, hotel.max), "view")
    answer = send(client, hotel.max, f"/verify/{first}/verify", {"view": view})
    assert answer.headers["hx-reswap"] == "delete"
    assert answer.headers["hx-retarget"] == f"#log-{first}, #log-detail > *"
    assert said(answer)["queue"] == {"matching": 1, "to_check": 1, "unusual": 0}
    assert said(answer)["toast"]["undo_url"] == f"/verify/{first}/reopen"
    assert statuses(database, [first, second]) == ["verified", "pending"]
    send(client, hotel.max, said(answer)["toast"]["undo_url"])
    assert statuses(database, [first]) == ["pending"]


def test_who_was_slower_than_a_colleague_is_told_and_the_row_goes(
    client: Client, database: Database, hotel: Hotel
) -> None:
    [log_id] = make_logs(database, hotel, hotel.sam)
    send(client, hotel.olive, f"/verify/{log_id}/verify")
    answer = send(client, hotel.max, "/verify/reject", {"log_id": str(log_id), "reason": "duplicate"})
    assert answer.status_code == 200
    assert answer.headers["hx-reswap"] == "delete"
    assert said(answer)["toast"]["message"] == "This log was verified by Olive Owner in the meantime."
    assert statuses(database, [log_id]) == ["verified"]


def test_the_dialog_asks_again_for_what_is_missing(client: Client, database: Database, hotel: Hotel) -> None:
    [log_id] = make_logs(database, hotel, hotel.sam)
    answer = send(
        client, hotel.max, "/verify/reject", {"log_id": str(log_id), "reason": "other", "note": " "}
    )
    assert (answer.status_code, answer.headers["hx-retarget"]) == (422, "#reject-fields")
    assert "Say what the reason is." in answer.text
    assert 'value="other" checked' in answer.text
    assert statuses(database, [log_id]) == ["pending"]
    answer = send(
        client, hotel.max, "/verify/reject", {"log_id": str(log_id), "reason": "other", "note": "Ask me"}
    )
    assert statuses(database, [log_id]) == ["rejected"]


def test_chosen_rows_are_verified_in_bulk_and_the_toast_takes_it_back(
    client: Client, database: Database, hotel: Hotel
) -> None:
    ids = make_logs(database, hotel, hotel.sam, 3)
    [bare] = make_logs(database, hotel, hotel.cleo, behavior="clean")
    text = page(client, hotel.max)
    fields = {name: hidden(text, name) for name in ("view", "batch_id", "scope")}
    chosen = [str(one) for one in [*ids, bare]]
    for _ in range(2):
        answer = send(client, hotel.max, "/verify/bulk", {**fields, "ids": chosen})
        assert "1 log was left as it was" in answer.text
        assert "needs a photo" in answer.text
        assert 'data-matching="1"' in answer.text
        assert said(answer)["toast"]["message"] == "3 logs verified. 1 left as it was."
    assert statuses(database, ids) == ["verified"] * 3
    undone = send(client, hotel.max, said(answer)["toast"]["undo_url"])
    assert said(undone)["toast"]["message"] == "3 logs wait again."
    assert statuses(database, ids) == ["pending"] * 3


def test_all_that_match_are_verified_500_at_a_time(client: Client, database: Database, hotel: Hotel) -> None:
    make_logs(database, hotel, hotel.sam, 502)
    make_logs(database, hotel, hotel.bea, behavior="shake")
    text = page(client, hotel.max, department=hotel.restaurant_id)
    fields = {"view": hidden(text, "view"), "batch_id": hidden(text, "batch_id"), "scope": "filter"}
    answer = send(client, hotel.max, "/verify/bulk", fields)
    assert "500 verified. 2 more match." in answer.text
    again = {name: hidden(answer.text, name) for name in ("view", "batch_id")}
    answer = send(client, hotel.max, "/verify/bulk", {**again, "scope": "filter"})
    assert said(answer)["toast"]["message"] == "2 logs verified."
    assert "1 log to check" in page(client, hotel.max)


def test_without_script_the_form_works_too(client: Client, database: Database, hotel: Hotel) -> None:
    [log_id] = make_logs(database, hotel, hotel.sam)
    plain = {**headers(hotel.max), "Accept": "text/html"}
    answer = client.post("/verify/bulk", data={"ids": str(log_id)}, headers=plain, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/verify")
    assert statuses(database, [log_id]) == ["verified"]
