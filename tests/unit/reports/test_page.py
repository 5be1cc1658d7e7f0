from __future__ import annotations

import base64
import hashlib
import itertools
import re
from dataclasses import replace
from typing import Any

import invented
import pytest
from lxml import html as lxml_html

from estrogenome.reports import interpret
from estrogenome.reports.renderers import html, json
from estrogenome.reports.renderers.layout import picture
from estrogenome.reports.sliders import slider

HOSTILE = [
    "<script>window.__pwned=1</script>",
    "{{7*7}}",
    "{% raw %}",
    '"><img src=x onerror="window.__pwned=1">',
    "a\u202eb\u2066c\x1b[31m\x00",
    "x" * 200_000,
    "</style></title><svg onload=alert(1)>",
    "\udce9\udcff",
]


def page(name: str = "NA00001", **changes: Any) -> str:
    *records, catalog = invented.everything(name, **changes)
    return html.render(interpret(*records, catalog, sample=name), catalog)  # type: ignore[arg-type]


@pytest.mark.parametrize("hostile", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_stays_text(hostile: str) -> None:
    made = page(hostile, statements=(hostile,), origin=hostile, text=hostile[:300].encode("utf-8", "ignore").decode())
    made.encode("utf-8")
    tree = lxml_html.fromstring(made)
    assert not tree.xpath("//script | //img | //iframe | //link | //object | //form | //base")
    assert not [a for e in tree.iter() for a in e.attrib if a.startswith("on")]
    assert len(made) < 2_000_000
    if hostile == "{{7*7}}":
        assert "{{7*7}}" in tree.xpath("string(//*[@class='who'])")
    assert not re.search("[\x00-\x08\x0b-\x1f\u202a-\u202e\u2066-\u2069]", "".join(tree.xpath("//bdi//text()")))


def test_hostile_text_in_json_is_cleaned() -> None:
    *records, catalog = invented.everything(HOSTILE[4])
    text = json.render(interpret(*records, catalog, sample=HOSTILE[4]))  # type: ignore[arg-type]
    assert not re.search("[\u202e\u2066\x1b\x00]", text)


def test_policy_forbids_everything_but_our_style() -> None:
    made = page()
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', made)
    style = re.search(r"<style>(.*?)</style>", made, re.DOTALL)
    assert policy
    assert style
    wanted = base64.b64encode(hashlib.sha256(style.group(1).encode()).digest()).decode()
    assert f"style-src 'sha256-{wanted}'" in policy.group(1)
    assert policy.group(1).startswith("default-src 'none'")
    assert "unsafe" not in policy.group(1)
    assert not re.search(r"\bstyle=|url\(\s*['\"]?(?!#)", made)


def test_outward_links_are_references_only() -> None:
    tree = lxml_html.fromstring(page())
    outward = [a for a in tree.xpath("//@href | //@src") if not a.startswith(("#", "data:application/json;base64,"))]
    assert outward
    assert set(outward) == set(tree.xpath("//ol[@class='references']//@href"))


def test_inner_links_and_labels_resolve_and_ids_are_unique() -> None:
    tree = lxml_html.fromstring(page())
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {a[1:] for a in tree.xpath("//@href") if a.startswith("#")} <= set(ids)
    assert {i for a in tree.xpath("//@aria-labelledby") for i in a.split()} <= set(ids)


def test_sections_stand_in_order_and_headings_step_down() -> None:
    tree = lxml_html.fromstring(page())
    own = ["summary", "genes", "levels", "unseen", "questions"]
    assert tree.xpath("//main/section[contains(@class, 'person')]/@id") == own
    assert tree.xpath("//main/section/@id") == ["summary", "clinician", "researcher", "map", *own[1:], "sources"]
    levels = [int(h.tag[1]) for h in tree.iter("h1", "h2", "h3", "h4")]
    assert levels[0] == 1
    assert all(b - a <= 1 for a, b in itertools.pairwise(levels))


def test_first_page_says_what_the_user_stated() -> None:
    tree = lxml_html.fromstring(page(statements=("absent sites are reference",)))
    summary = tree.xpath("string(//*[@id='summary'])")
    assert "Absent sites are reference." in summary
    assert "not a medical device" in summary
    assert "3 of 12 sites observed, 3 inferred, 6 not assayed" in summary


def test_tables_have_captions_and_scopes() -> None:
    tree = lxml_html.fromstring(page())
    for table in tree.iter("table"):
        assert table.find("caption") is not None
        assert all(th.get("scope") in {"row", "col"} for th in table.iter("th"))


def test_table_below_the_map_holds_every_arrow() -> None:
    *records, catalog = invented.everything()
    report = interpret(*records, catalog, sample="NA00001")  # type: ignore[arg-type]
    tree = lxml_html.fromstring(html.render(report, catalog))
    assert len(tree.xpath("//*[@id='map']//tbody/tr")) == len(report.map.edges)


def part(identifier: str, **changes: Any) -> Any:
    return lxml_html.fromstring(page(**changes)).get_element_by_id(identifier)


def test_every_part_that_one_voice_alone_shows_says_whose_it_is() -> None:
    tree = lxml_html.fromstring(page())
    assert tree.xpath("//input[@type='radio']/@id") == ["voice-person", "voice-clinician", "voice-researcher"]
    assert tree.xpath("//input[@checked]/@id") == ["voice-person"]
    voices = {"person", "clinician", "researcher"}
    for element in tree.find_class("voice"):
        assert len(set(element.get("class").split()) & voices) == 1


def test_the_clinicians_page_is_in_the_third_person_and_proposes_nothing() -> None:
    text = part("clinician", statements=("absent sites are reference",)).text_content()
    assert not re.search(r"\b(you|your|yours)\b", text, re.IGNORECASE)
    assert "Stated by the user: Absent sites are reference." in text
    assert "not a medical device" in text
    assert "no treatment and no dose" in text
    assert "GEND" in text.partition("Not read at all")[2]


def test_the_clinicians_levels_stand_unusual_first_each_with_its_assay_and_the_population() -> None:
    *records, catalog = invented.everything()
    report = interpret(*records, catalog, sample="NA00001")  # type: ignore[arg-type]
    rows = part("clinician").xpath(".//table[1]/tbody/tr")
    assert [row.xpath("string(th)").partition(" (")[0] for row in rows] == ["Invented one", "Invented two", "Methyl ratio", "Ratio one:two"]
    assert "measured 55" in rows[0].text_content()
    assert report.clinical.left_out == len(report.readouts) - len(rows)
    two = next(r for r in report.readouts if r.id == "leveltwo")
    cells = [" ".join(cell.text_content().split()) for cell in rows[1].iter("td")]
    assert cells[0] == "pg/mL"
    assert cells[3] == "0.0059–0.035"
    assert two.population_quantiles[1] == pytest.approx(0.0059, rel=0.01)
    assert "serum, LC-MS/MS" in part("clinician").text_content()


def test_an_enzyme_that_nobody_claims_anything_of_has_no_grade() -> None:
    *records, catalog = invented.everything()
    report = interpret(*records, replace(catalog, claims={}), sample="NA00001")  # type: ignore[arg-type, type-var]
    clinician = lxml_html.fromstring(html.render(report, catalog)).get_element_by_id("clinician")  # type: ignore[arg-type]
    cells = clinician.xpath("(.//table)[2]/tbody/tr[1]/td")
    assert [cell.text_content() for cell in cells][-3:] == ["–", "–", "–"]


def test_the_researchers_page_holds_the_report_itself_and_the_command() -> None:
    *records, catalog = invented.everything()
    report = interpret(*records, catalog, sample="NA00001")  # type: ignore[arg-type]
    researcher = part("researcher")
    link = researcher.xpath(".//a[@download]")[0].get("href")
    assert base64.b64decode(link.partition("base64,")[2]).decode() == json.render(report)
    assert len(researcher.xpath("(.//table)[1]/tbody/tr")) == len(report.readouts)
    command = researcher.xpath("string(.//code[1])")
    assert "--sex female --age 30 --state state" in command
    assert "--seed 1 --draws 200" in command
    assert report.provenance.model_hash in researcher.text_content()


@pytest.mark.parametrize("upright", [False, True])
def test_map_is_drawn_inside_its_frame_in_both_ways(upright: bool) -> None:
    *records, catalog = invented.everything()
    drawn = picture(interpret(*records, catalog, sample="NA00001").map, upright=upright)  # type: ignore[arg-type]
    for box in drawn.boxes:
        assert box.left >= 0
        assert box.left + box.width <= drawn.width
        assert box.top >= 0
        assert box.top + box.height <= drawn.height
    assert all(a.inner <= a.middle <= a.outer for a in drawn.arrows)
    widths = {a.id: a.middle for a in drawn.arrows}
    flux = {e.id: e.flux[1] for e in interpret(*records, catalog, sample="NA00001").map.edges}  # type: ignore[arg-type]
    ratio = widths["sulfation"] / widths["glucuronidation"]
    assert ratio == pytest.approx((flux["sulfation"] / flux["glucuronidation"]) ** 0.5, rel=0.03)


def test_sliders_place_person_and_population_on_one_scale() -> None:
    *records, catalog = invented.everything()
    readouts = interpret(*records, catalog, sample="NA00001").readouts  # type: ignore[arg-type]
    for readout in readouts:
        drawn = slider(readout)
        assert 0 <= drawn.line[0] < drawn.half[0] < drawn.median < drawn.half[1] < drawn.line[1] <= 100
        assert len(drawn.ticks) >= 2
        assert (drawn.track is None) == (not readout.population_quantiles)
    assert slider(readouts[0]).scale == "log"


def test_a_slider_of_one_number_does_not_divide_by_nothing() -> None:
    *records, catalog = invented.everything()
    readout = interpret(*records, catalog, sample="NA00001").readouts[0]  # type: ignore[arg-type]
    same = {"median": 0.0, "interval50": (0.0, 0.0), "interval90": (0.0, 0.0), "population_quantiles": (), "own_value": None}
    assert slider(readout.model_copy(update=same)).median == 50
