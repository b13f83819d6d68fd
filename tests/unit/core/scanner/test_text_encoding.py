"""Sheets in the code pages of Windows: what is told, and what must stay Windows-1252."""

import random
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hydrophone.scanner.text_encoding import code_page, decode_text

TOLD = [
    ("cp1251", "Кино", "Группа крови", ("Закрой за мной дверь, я ухожу", "Война", "Мама")),
    ("cp1251", "ДДТ", "Актриса Весна", ("Дождь", "Храм", "Осенняя", "Хипаны")),
    ("cp1251", "АлисА", "Шабаш", ("Моё поколение", "Новая кровь", "Чую гибель", "Бес паники")),
    ("cp1251", "МАШИНА ВРЕМЕНИ", "ПОВОРОТ", ("МАРИОНЕТКИ", "МАСКИ")),
    ("cp1251", "Океан Ельзи", "Модель", ("Поїзд Чужа Любов", "911", "Стріляй!", "Сосни")),
    ("cp1251", "Щурците", "Щурците", ("Вкусът на времето", "Клетва", "Конникът")),
    ("cp932", "宇多田ヒカル", "First Love", ("Automatic", "甘いワナ", "B&C")),
    ("cp932", "スピッツ", "ハチミツ", ("涙がキラリ☆", "歩き出せ、クローバー", "Y", "あじさい通り")),
    ("cp932", "椎名林檎", "無罪モラトリアム", ("正しい街", "丸の内サディスティック", "警告")),
    ("cp932", "モーニング娘。", "LOVEマシーン", ("LOVEマシーン", "21世紀")),
    ("euc_jp", "スピッツ", "ハチミツ", ("ルナルナ", "愛のことば", "トンガリ'95")),
    ("gbk", "周杰伦", "叶惠美", ("以父之名", "晴天", "三年二班", "东风破")),
    ("gbk", "陶喆", "黑色柳丁", ("黑色柳丁", "Melody", "月亮代表谁的心", "宫保鸡丁")),
    ("cp950", "張惠妹", "姊妹", ("勇敢", "聽海", "Bad Boy", "原來你什麼都不要")),
    ("cp950", "周杰倫", "范特西", ("愛在西元前", "簡單愛", "上海一九四三", "雙截棍")),
    ("cp949", "서태지와 아이들", "I", ("Yo! Taiji", "난 알아요", "환상 속의 그대")),
    ("cp949", "김광석", "다시 부르기", ("이등병의 편지", "그날들", "거리에서")),
    (
        "cp1250",
        "Czesław Niemen",
        "Sukces",
        ("Płonąca stodoła", "Chciałbym cofnąć czas", "Włóczęga"),
    ),
]
"""(code page, performer, title, titles of tracks)"""
WESTERN = [
    ("Björk", "Debut", ("Human Behaviour", "There\u2019s More to Life Than This")),
    ("Sigur Rós", "Ágætis byrjun", ("Ný batterí", "Hjartað hamast", "Viðrar vel til loftárása")),
    ("Mötley Crüe", "Dr. Feelgood", ("T.n.T. (Terror \u2019n Tinseltown)", "Kickstart My Heart")),
    (
        "Édith Piaf",
        "L\u2019Intégrale",
        ("Hymne à l\u2019amour", "Élève", "Mon légionnaire", "Où es-tu"),
    ),
    ("Beyoncé", "4", ("1+1", "I Care", "I Miss You")),
    ("Can", "Ege", ("Don\u2019t", "We\u2019re", "It\u2019s Late", "“Heroes”")),
    ("Die Ärzte", "Geräusch", ("Ärger", "Ändern", "Ähnlich", "Ästhetik", "Öl", "Über")),
    ("DIE ÄRZTE", "ÄRZTE", ("ÄÖÜ", "ÆØÅ", "ÄÖÜß", "ÀÉÎÕ")),
    ("Gåte", "Jygri", ("Springdans frå Vinje", "På ei øy", "Ære være", "ÆØÅ")),
    ("Manu Chao", "Próxima estación", ("¿Y ahora qué?", "¡Que pasó!", "«Infinita» tristeza")),
    ("A$AP £ux", "C³ m²", ("P£nte", "R³mix", "50¢", "½ Man")),
    ("Ümläüt", "ÿÿÿ", ("éééé", "ööööh", "ÄÄÄÄÄ", "œœœ", "ŒŒŒ", "äëïöü")),
]
TOO_LIKE = [
    ("cp1253", "Διονύσης Σαββόπουλος", "Φορτηγό", ("Ήλιε ήλιε αρχηγέ", "Συννεφούλα")),
    ("cp1253", "ΧΑΡΙΣ ΑΛΕΞΙΟΥ", "ΜΑΝΩΛΗΣ", ("ΟΛΑ ΣΕ ΘΥΜΙΖΟΥΝ", "ΕΡΩΤΑΣ", "ΘΑΛΑΣΣΑ", "ΠΑΡΑΠΟΝΟ")),
    ("cp1255", "אביב גפן", "לילה לבן", ("הנסיך הקטן", "עכשיו מעונן", "לבכות לך")),
    ("cp1254", "Bar\u0131ş Manço", "Yeni Bir Gün", ("Sar\u0131 Çizmeli Mehmet Ağa", "Şehrazat")),
    ("cp1250", "Čechomor", "Proměny", ("Velické zvony", "Větříček", "Ještě já se")),
    ("cp1257", "Brainstorm", "Vēja radītās ainas", ("Dzeltenā pilsēta", "Ķēniņš")),
    ("cp1256", "فيروز", "كيفك انت", ("ضاق خلقي", "عودك رنان", "يا ليل")),
]


def _sheet(performer: str, album: str, titles: Sequence[str], file: str = "CDImage.wav") -> str:
    lines = [f'PERFORMER "{performer}"', f'TITLE "{album}"', f'FILE "{file}" WAVE']
    for number, title in enumerate(titles, 1):
        lines.append(f"  TRACK {number:02} AUDIO")
        lines.append(f'    TITLE "{title}"')
        lines.append(f'    PERFORMER "{performer}"')
        lines.append(f"    INDEX 01 {number:02}:00:00")
    return "\r\n".join(['REM COMMENT "ExactAudioCopy v0.99pb5"', *lines, ""])


@pytest.mark.parametrize("place", range(len(TOLD)))
def test_code_pages_that_a_text_tells(place: int) -> None:
    page, performer, album, titles = TOLD[place]
    text = _sheet(performer, album, titles)
    assert decode_text(text.encode(page), ("Disc 1", "CDImage.flac")) == text


@pytest.mark.parametrize("place", range(len(WESTERN)))
@pytest.mark.parametrize("around", [(), ("Music/Кино/スピッツ/Żółw", "Děti.flac")])
def test_western_sheets_stay(place: int, around: tuple[str, ...]) -> None:
    performer, album, titles = WESTERN[place]
    for some in (titles, *((title,) for title in titles)):
        text = _sheet(performer, album, some)
        assert decode_text(text.encode("cp1252"), around) == text


def test_no_sign_of_western_windows_alone_makes_another_code_page() -> None:
    for sign in bytes(range(0x80, 0x100)).decode("cp1252", "ignore"):
        for word in (sign, f"a{sign}", f"{sign}a", f"a{sign}b", sign * 3, f"{sign}{sign}x"):
            text = _sheet(word, "Ege", ["One", f"Two {word}", "Three"] * 5)
            assert code_page(text.encode("cp1252"), ()) == "cp1252", word


def test_made_up_western_words_stay() -> None:
    made = random.Random(5)

    def word(letters: str) -> str:
        found = "".join(made.choices(letters, k=made.randint(1, 9)))
        return made.choice((found.capitalize(), found, f"“{found}\u2019s"))

    for _ in range(2000):
        accented = "àâäåæçèéêëíïñóôöøúûüýþœšž" * made.randint(0, 2)
        letters = made.choice((str.upper, str.lower))("abcdefghijklmnoprstuvwyz" * 2 + accented)
        titles = [f"{word(letters)} {word(letters)}" for _ in range(made.randint(1, 12))]
        text = _sheet(word(letters), "Ege", titles)
        assert decode_text(text.encode("cp1252"), ()) == text


@pytest.mark.parametrize("place", range(len(TOO_LIKE)))
def test_what_is_around_a_sheet_tells_the_code_pages_that_a_text_does_not(place: int) -> None:
    page, performer, album, titles = TOO_LIKE[place]
    text = _sheet(performer, album, titles)
    assert code_page(text.encode(page), ("CDImage.flac",)) == "cp1252"
    assert decode_text(text.encode(page), (f"{performer}/{album}", "CDImage.flac")) == text
    named = _sheet("x", "x", ["x", "y"], f"{performer}.wav")
    assert decode_text(named.encode(page), (f"{performer}.flac",)) == named


def test_names_around_that_were_read_as_western_windows_keep_the_sheet_so() -> None:
    sheet = _sheet("Кино", "Группа крови", ("Закрой за мной дверь", "Война"))
    content = sheet.encode("cp1251")
    western = content.decode("cp1252")
    assert "Êèíî" in western
    assert decode_text(content, ("Êèíî/CDImage.flac",)) == western


def test_names_as_other_systems_write_them() -> None:
    text = _sheet("Dvořák", "x", ["y"])
    assert decode_text(text.encode("cp1250"), ("Dvor\u030ca\u0301k",)) == text
    # Bytes that are no UTF-8 tell nothing.
    assert code_page(text.encode("cp1250"), ("Dvo\udcf8\udce1k",)) == "cp1252"


def test_too_little_text_is_western_windows() -> None:
    for page, words in (("cp1251", "Кино"), ("cp932", "糸"), ("gbk", "王菲"), ("cp1250", "Łódź")):
        assert code_page(_sheet(words, "x", [words, "y"]).encode(page), ()) == "cp1252"


@given(st.binary(max_size=300), st.lists(st.text(max_size=20), max_size=3))
def test_any_bytes_are_some_text(content: bytes, names: list[str]) -> None:
    assert isinstance(decode_text(content, names), str)


def test_long_sheets_are_told_by_their_beginning() -> None:
    text = _sheet("スピッツ", "ハチミツ", ["愛のことば", "涙がキラリ☆"] * 2000)
    assert decode_text(text.encode("cp932")[:-3], ()) == text[:-3]


@pytest.mark.parametrize("wrong", [b"REM COMMENT caf\xe9\n", "Ж".encode()[:1]])
def test_utf8_that_is_broken_here_and_there_is_utf8(wrong: bytes) -> None:
    good = 'PERFORMER "Кино"\nTITLE "Группа крови"\n'
    text = decode_text(good.encode() + wrong, ["Кино", "Группа крови"])
    assert text.startswith(good)


def test_one_character_of_utf8_in_a_western_sheet_is_chance() -> None:
    assert "Björk, Sigur Rós" in decode_text("Björk, Sigur Rós, Ã©".encode("cp1252"), ())


@pytest.mark.parametrize("page", ["utf-16-le", "utf-16-be", "utf-16", "utf-8", "utf-8-sig"])
def test_unicode_is_told_with_a_mark_and_without(page: str) -> None:
    text = "[00:01.00]Кино & Björk\r\n"
    assert decode_text(text.encode(page), ()) == text
