"""What each language must say and must not say; one entry for each enabled language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

from recovery.domain.contact.plan import WARNINGS
from recovery.domain.monitoring.pattern import Evidence, Pattern, PatternKind
from recovery.messages import KINDS, LANGUAGES, MessageFacts, RenderedMessage, render
from recovery.messages.pattern_words import pattern_words

NOTICE = "notice_before_judicial_recovery"
EACH = [(kind, language) for kind in KINDS for language in LANGUAGES]
THANKS = ("thank_you", "payment_received")

FACTS = {
    "en": MessageFacts(
        borrower_name="Grace Wanjiru Mwangi",
        advisor_name="Peter Otieno",
        institution_name="Umoja Microfinance",
        loan_id="L-2025-00417",
        currency="KES",
        amount_minor=345_000,
        due_date=date(2026, 3, 6),
        overdue_minor=412_000,
        outstanding_minor=2_150_000,
        days_past_due=4,
        answer_by=date(2026, 6, 26),
        country="KE",
        phone="+254700000001",
        institution_phone="+254200000000",
        pay_account="Paybill 400200",
        pay_link="https://pay.umoja.example/loan",
        rest_until=date(2026, 2, 28),
        sorry=True,
    ),
}
FACTS["es"] = replace(
    FACTS["en"],
    borrower_name="María del Carmen Quispe Huamán",
    advisor_name="Rosa Elena Flores Mamani",
    institution_name="Caja Rural Los Andes",
    currency="PEN",
    country="PE",
)
FACTS["nl"] = replace(
    FACTS["en"],
    borrower_name="Fatima van den Berg-El Idrissi",
    advisor_name="Annemarie de Vries",
    institution_name="Stichting Kleinkrediet",
    currency="EUR",
    country="NL",
)
FACTS["fr"] = replace(
    FACTS["en"],
    borrower_name="Aïssatou Ndiaye",
    advisor_name="Jean Kouassi",
    institution_name="Crédit Solidaire Dakar",
    currency="XOF",
    country="SN",
    amount_minor=3_450,
    overdue_minor=4_120,
    outstanding_minor=21_500,
)
FACTS["pt"] = replace(
    FACTS["en"],
    borrower_name="João Machava",
    advisor_name="Ana Conceição",
    institution_name="Caixa Solidária Maputo",
    currency="MZN",
    country="MZ",
)
FACTS["sw"] = replace(
    FACTS["en"], borrower_name="Juma Hamisi Mwinyi", advisor_name="Neema Kimaro", country="KE"
)
AMOUNT = {
    "en": "Ksh 3,450.00",
    "es": "S/ 3,450.00",
    "nl": "€ 3.450,00",
    "fr": "3 450 F CFA",
    "pt": "3 450,00 MTn",
    "sw": "Ksh 3,450.00",
}
OVERDUE = {
    "en": "Ksh 4,120.00",
    "es": "S/ 4,120.00",
    "nl": "€ 4.120,00",
    "fr": "4 120 F CFA",
    "pt": "4 120,00 MTn",
    "sw": "Ksh 4,120.00",
}
OUTSTANDING = {
    "en": "Ksh 21,500.00",
    "es": "S/ 21,500.00",
    "nl": "€ 21.500,00",
    "fr": "21 500 F CFA",
    "pt": "21 500,00 MTn",
    "sw": "Ksh 21,500.00",
}
DUE_DATE = {
    "en": "Friday, 6 March 2026",
    "es": "viernes, 6 de marzo de 2026",
    "nl": "vrijdag 6 maart 2026",
    "fr": "vendredi 6 mars 2026",
    "pt": "sexta-feira, 6 de março de 2026",
    "sw": "Ijumaa, 6 Machi 2026",
}
ANSWER_BY = {
    "en": "Friday, 26 June 2026",
    "es": "viernes, 26 de junio de 2026",
    "nl": "vrijdag 26 juni 2026",
    "fr": "vendredi 26 juin 2026",
    "pt": "sexta-feira, 26 de junho de 2026",
    "sw": "Ijumaa, 26 Juni 2026",
}
DUE_DAY = {
    "en": "6 March",
    "es": "6 de marzo",
    "nl": "6 maart",
    "fr": "6 mars",
    "pt": "6 de marco",
    "sw": "6 Machi",
}
ANSWER_BY_DAY = {
    "en": "26 June",
    "es": "26 de junio",
    "nl": "26 juni",
    "fr": "26 juin",
    "pt": "26 de junho",
    "sw": "26 Juni",
}
ADVICE = {
    "en": "Free help for people",
    "es": "Ayuda gratis",
    "nl": "Gratis hulp",
    "fr": "Une aide gratuite",
    "pt": "Ajuda grátis",
    "sw": "Msaada wa bure",
}
FREE = {
    "en": "Asking for help is free.",
    "es": "Pedir ayuda es gratis.",
    "nl": "Hulp vragen is gratis.",
    "fr": "Demander de l'aide est gratuit.",
    "pt": "Pedir ajuda é grátis.",
    "sw": "Kuomba msaada ni bure.",
}
STOP = {
    "en": "Reply to this message or tell your advisor.",
    "es": "Responda a este mensaje o dígaselo a su asesor o asesora.",
    "nl": "Antwoord op dit bericht of zeg het tegen uw adviseur.",
    "fr": "Répondez à ce message ou dites-le-moi.",
    "pt": "Responda a esta mensagem ou diga-me.",
    "sw": "Jibu ujumbe huu au mwambie mshauri wako.",
}
STOP_SMS = {
    "en": "Reply STOP to end.",
    "es": "Baja: responda STOP.",
    "nl": "Stoppen? Antwoord STOP.",
    "fr": "STOP pour arreter.",
    "pt": "Parar: responda STOP.",
    "sw": "Hutaki SMS? Jibu STOP.",
}
PHONE = {
    "en": "Telephone",
    "es": "Teléfono",
    "nl": "Telefoon",
    "fr": "Téléphone",
    "pt": "Telefone",
    "sw": "Simu",
}
PAY = {
    "en": "How to pay",
    "es": "Cómo pagar",
    "nl": "Zo betaalt u",
    "fr": "Pour payer",
    "pt": "Como pagar",
    "sw": "Jinsi ya kulipa",
}
OVERSEER = {
    "en": "the office",
    "es": "la oficina",
    "nl": "de dienst",
    "fr": "le bureau qui veille",
    "pt": "quem vigia",
    "sw": "ofisi inayosimamia",
}
SIGNED_BY_NOBODY = {
    "en": "Your advisor",
    "es": "Su asesor o asesora",
    "nl": "Uw adviseur",
    "fr": "Votre conseiller ou conseillère",
    "pt": "Quem cuida do seu empréstimo",
    "sw": "Mshauri wako",
}
THANK_YOU = {
    "en": "Thank you",
    "es": "Gracias",
    "nl": "Dank u",
    "fr": "Merci",
    "pt": "Obrigado",
    "sw": "Asante",
}
CONGRATULATIONS = {
    "en": "Congratulations!",
    "es": "¡Felicidades!",
    "nl": "Gefeliciteerd!",
    "fr": "Bravo !",
    "pt": "Parabéns!",
    "sw": "Hongera!",
}
UP_TO_DATE = {
    "en": "Your loan is up to date.",
    "es": "Su préstamo está al día.",
    "nl": "Uw lening is op orde.",
    "fr": "Votre prêt est à jour.",
    "pt": "O seu empréstimo está em dia.",
    "sw": "Malipo ya mkopo wako yako sawa.",
}
FULLY_PAID = {
    "en": ("Your loan is fully paid.", "You owe nothing more"),
    "es": ("Su préstamo está pagado por completo.", "Ya no debe nada"),
    "nl": ("Uw lening is helemaal betaald.", "U hoeft niets meer te betalen"),
    "fr": ("Votre prêt est payé en entier.", "Vous ne devez plus rien"),
    "pt": ("O seu empréstimo está todo pago.", "Já não deve nada"),
    "sw": ("Mkopo wako umelipwa wote.", "Hudaiwi chochote tena"),
}
NO_STEP = {
    "en": ("No step has been taken at a court", "No court step has been taken"),
    "es": ("No se ha dado ningún paso ante un juzgado",) * 2,
    "nl": ("Er is geen stap naar de rechter gezet",) * 2,
    "fr": ("Rien n'a été fait devant un tribunal",) * 2,
    "pt": ("Não foi dado nenhum passo num tribunal",) * 2,
    "sw": ("Hakuna hatua iliyochukuliwa mahakamani",) * 2,
}
DECIDE_FIRST = {
    "en": "people at Umoja Microfinance look at your situation and decide",
    "es": "personas de Caja Rural Los Andes revisan su situación y deciden",
    "nl": "Mensen van Stichting Kleinkrediet kijken altijd eerst naar uw situatie",
    "fr": "des gens de Crédit Solidaire Dakar regardent votre cas et décident",
    "pt": "pessoas de Caixa Solidária Maputo olham para o seu caso e decidem",
    "sw": "watu wa Umoja Microfinance huangalia hali yako na kuamua",
}
COURT = {
    "en": "court, judge, judicial, tribunal",
    "es": "juzgado, juez, jueces, judicial, tribunal, juicio",
    "nl": "rechter, rechtbank, rechtszaak, gerecht",
    "fr": "tribuna, juge, judiciaire, justice, cour",
    "pt": "tribuna, juiz, judicia, justiça",
    "sw": "mahakama, hakimu, kesi",
}

# Word prefixes that no message may have, by why not. A threat may be lawful and still makes people
# hide; shame keeps them from asking for help; a haste that no date supports is a lie; collectors'
# words make a debtor of a customer. A court may be named in the notice, to say that nothing was
# filed; see COURT.
NOT_SAID = {
    "en": {
        "threat": "lawsuit, sue, sued, suing, legal, lawyer, attorney, seiz, confiscat, garnish, "
        "bailiff, police, prison, jail, warn, penalt, fine, punish, consequence, demand, enforc, "
        "blacklist, credit bureau, threat, terminat, force, must",
        "shame": "blame, fault, asham, shame, guilt, irresponsib, fail",
        "false urgency": "immediate, urgent, hurry, final, last chance, at once, right now, "
        "without delay",
        "collectors' words": "collector, collection, collect, default, delinquen, debtor",
    },
    "es": {
        "threat": "demanda, embarg, abogad, legal, polic, cárcel, prisión, desahuci, advert, "
        "advierte, aviso, sanci, multa, castig, consecuenc, exig, exij, obliga, lista negra, buró, "
        "amenaz, debe pagar",
        "shame": "culpa, vergüenza, irresponsab",
        "false urgency": "inmediat, urgent, última oportunidad, último, ultimátum, cuanto antes, "
        "sin demora, ahora mismo",
        "collectors' words": "cobrador, cobranza, moros, deudor, incumpl",
    },
    "nl": {
        "threat": "deurwaarder, dwang, dwing, dagvaard, beslag, advocaat, juridisch, politie, "
        "gevangenis, waarschuw, sommeer, sommatie, boete, straf, gevolg, eis, eist, zwarte lijst, "
        "dreig, verplicht, moet nu",
        "shame": "schaam, schande, uw schuld, eigen schuld, onverantwoord",
        "false urgency": "onmiddellijk, direct, dringend, meteen, laatste, spoed",
        "collectors' words": "aanman, incasso, wanbetal, schuldenaar, schuldeiser",
    },
    "fr": {
        "threat": "huissier, saisi, avocat, juridique, poursui, mise en demeure, police, prison, "
        "avertis, sanction, amende, pénalit, puni, conséquence, exig, oblig, liste noire, menac, "
        "devez payer, contrain, expuls",
        "shame": "honte, culpab, votre faute, irresponsab, défaill",
        "false urgency": "immédiat, urgent, urgence, dernier, dernière, sans délai, sans attendre, "
        "tout de suite, au plus vite, dès maintenant",
        "collectors' words": "recouvrement, contentieux, débiteur, impayé, créanc, mauvais payeur",
    },
    "pt": {
        "threat": "advogad, jurídic, process, penhor, polícia, prisão, cadeia, advert, multa, "
        "avis, sanç, castig, consequ, exig, exij, obrigat, obrigaç, lista negra, serasa, ameaç, "
        "deve pagar, despej",
        "shame": "culpa, vergonha, irrespons, falhou",
        "false urgency": "imediat, urgent, urgência, último, última, sem demora, agora mesmo, "
        "quanto antes, já a",
        "collectors' words": "cobran, cobrador, inadimpl, incumpr, devedor, caloteir",
    },
    "sw": {
        "threat": "polisi, jela, gereza, onyo, tunakuonya, adhabu, faini, wakili, mnada, dalali, "
        "tishi, kamata, kukamatwa, lazima, usipolipa, orodha nyeusi, sheria",
        "shame": "aibu, kosa lako, uzembe, mkosaji, mzembe",
        "false urgency": "haraka, mara moja, sasa hivi, mwisho, bila kuchelewa, upesi",
        "collectors' words": "mdaiwa, mdeni, mkusanya, sugu",
    },
}
FORBIDDEN = {language: ", ".join(lists.values()) for language, lists in NOT_SAID.items()}


def facts_of(kind: str, language: str, **changes: object) -> MessageFacts:
    """The facts of the language's country; after thanks nothing is open unless said otherwise."""
    paid = {"overdue_minor": 0} if kind in THANKS else {}
    return replace(FACTS[language], **{**paid, **changes})


def message(kind: str, language: str, **changes: object) -> RenderedMessage:
    return render(kind, language, facts_of(kind, language, **changes))


def every_message() -> Iterator[tuple[str, str, RenderedMessage]]:
    """Yield all kinds in all languages, and in each way that some of them have."""
    for kind, language in EACH:
        yield kind, language, message(kind, language)
        if kind in THANKS:
            yield f"{kind}, paid off", language, message(kind, language, paid_off=True)
            yield f"{kind}, still open", language, message(kind, language, overdue_minor=412_000)
            yield f"{kind}, too old", language, message(kind, language, too_old=True)
            agreed = {"overdue_minor": 412_000, "nothing_asked": True}
            yield f"{kind}, agreed", language, message(kind, language, **agreed)
            went = {"principal": 100_000, "interest": 2_000, "penalty": 50, "credit": 3}
            yield f"{kind}, allocated", language, message(kind, language, allocated=went)
        if kind in WARNINGS:
            for pattern in PatternKind:
                row = Evidence(3, date(2026, 3, 6), None, 0)
                seen, help_ = pattern_words(Pattern(pattern, 1, 3, 9, (row,)), language)
                why = {"why_seen": seen, "why_help": help_, "later_days": 4}
                yield f"{kind}, {pattern}", language, message(kind, language, **why)
        if kind == "first_days_late":
            yield f"{kind}, again", language, message(kind, language, again=True)


def spaced(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def plain(text: str) -> str:
    """Strip the accents that an SMS strips, and some more."""
    return text.translate(str.maketrans("áíóúâêîôûãõçï", "aiouaeiouaoci"))


def found(words: str, text: str) -> list[str]:
    """Return the word prefixes that occur in the text."""
    text = plain(text.lower())
    return [w for w in words.split(", ") if re.search(rf"\b{re.escape(plain(w))}", text)]


class Reader(HTMLParser):
    """What a mail client would see: visible text, elements and their attributes."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self._is_style = False
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._is_style = tag == "style"

    def handle_endtag(self, tag: str) -> None:
        self._is_style = False

    def handle_data(self, data: str) -> None:
        if not self._is_style:
            self.texts.append(data)

    @property
    def words(self) -> list[str]:
        return " ".join(self.texts).split()
