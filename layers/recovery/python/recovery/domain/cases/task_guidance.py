"""What to say and what not to say with each kind of task, in words for staff."""

from __future__ import annotations

from dataclasses import dataclass

from recovery.domain.cases.tasks import TaskKind


@dataclass(frozen=True, slots=True)
class Guidance:
    """Short sentences, in the order in which they help."""

    say: tuple[str, ...]
    not_say: tuple[str, ...]


_MAKE_SURE = "Make sure whom you speak to before you say why you call."
_LISTEN = "Ask how they are, and whether something has changed. Listen first."
_CHOICES = "Ask what they can pay and when; offer a promise or a plan that they can keep."
_HELP = "If they cannot pay now, say that you will look for a way together."
_RIGHTS = "Say that they may dispute the debt or complain, and how."

_TO_NOBODY_ELSE = "No amount and no word of a debt to relatives, neighbours or an employer."
_NO_THREATS = "No threats: no court, no police, no seizure, no shame."
_NO_PRESSURE = "Do not press for a promise; no answer today is an answer."
_NO_BLAME = "No blame, and no guess at what they earn or spend."
_NO_ADVICE = "Do not say how it will end before it is decided."

_GUIDANCE: dict[str, Guidance] = {
    TaskKind.CALL: Guidance(
        (_MAKE_SURE, _LISTEN, _CHOICES, _HELP, _RIGHTS),
        (_TO_NOBODY_ELSE, _NO_THREATS, _NO_PRESSURE, _NO_BLAME),
    ),
    TaskKind.VISIT: Guidance(
        (
            "Say who you are and show your card. Ask whether you may come in, and leave if not.",
            _MAKE_SURE,
            *(_LISTEN, _CHOICES, _HELP, _RIGHTS),
        ),
        (
            "No talk at the door where others hear it, and no note that others can read.",
            *(_TO_NOBODY_ELSE, _NO_THREATS, _NO_PRESSURE),
        ),
    ),
    TaskKind.PLAN: Guidance(
        (
            _MAKE_SURE,
            "Thank them for asking. Say that you work out a plan together, in small parts.",
            "Ask what they can pay without going short, and on which days money comes in.",
            _HELP,
        ),
        ("Do not promise what is not decided yet.", _NO_PRESSURE, _TO_NOBODY_ELSE, _NO_BLAME),
    ),
    TaskKind.RELIEF: Guidance(
        (
            "Thank them for asking, and say by when they get an answer.",
            "Ask for what is missing: a proof of where they live, a consent, who objects.",
            "Say that nothing is asked of them until it is decided.",
        ),
        (_NO_ADVICE, _TO_NOBODY_ELSE, _NO_BLAME),
    ),
    TaskKind.INVESTIGATE: Guidance(
        (
            "Thank them for telling us, and say by when they get an answer in writing.",
            "Ask for what shows it, if they have it: a receipt, a message, a name, a date.",
            "Say that what they dispute is not collected until it is answered.",
        ),
        (
            "Do not ask for the disputed part, nor for a promise on it.",
            "Do not defend a colleague; find out what happened.",
            _NO_ADVICE,
        ),
    ),
    TaskKind.ANSWER_COMPLAINT: Guidance(
        (
            "Say that you are sorry for the trouble, and repeat the complaint in your own words.",
            "Give its number, and the day by which they get an answer in writing.",
            "Answer every point, and name the ombudsman or court that they can turn to.",
        ),
        (
            "Do not ask them to withdraw it, and offer nothing for doing so.",
            "Do not let whom it is about answer it.",
            _NO_ADVICE,
        ),
    ),
    TaskKind.DEATH: Guidance(
        (
            "Say that you are sorry for their loss.",
            "Say that all letters and calls have stopped, and that nothing is asked of them now.",
            "Ask, only if they are ready, who looks after the estate and how to reach them.",
        ),
        (
            "No amount, and no word of a debt: relatives do not owe it.",
            "Do not ask when or how, and do not ask for a payment.",
            "Do not hurry them for a certificate.",
        ),
    ),
    TaskKind.HARDSHIP: Guidance(
        (
            _MAKE_SURE,
            "Thank them for telling us. Say that letters and late charges have stopped for now.",
            "Ask only what is needed: did income fall, did costs rise, can they deal with it now.",
            "Ask what they can pay without going short; nothing is an answer too.",
            "Say when we look at it again, and who else can help them.",
        ),
        (
            "Do not ask about illness or family; write it down only if they want us to know it.",
            _TO_NOBODY_ELSE,
            _NO_THREATS,
            _NO_PRESSURE,
        ),
    ),
    TaskKind.FRAUD: Guidance(
        (
            "Say that we look into it, and that they are not asked to pay until it is clear.",
            "Ask what they know of the loan and what papers they have.",
        ),
        ("Accuse nobody, neither them nor a colleague.", "Do not warn whom it is about."),
    ),
    TaskKind.REPRESENTATIVE: Guidance(
        (
            "Speak and write to the representative, once you have seen that they may act.",
            "Ask how they want to be reached, and for what they speak.",
        ),
        ("Do not call or visit the person themselves about the debt.", _NO_THREATS),
    ),
    TaskKind.DATA_REQUEST: Guidance(
        (
            "Make sure who asks, with no more proof than it needs.",
            "Say what they get and by which day. It costs nothing.",
        ),
        ("Do not ask why they want it.", "Nothing about other people that is on the same record."),
    ),
    TaskKind.SETTLE_RECOURSE: Guidance(
        (
            "Say what the guarantor has paid, and who now owes whom.",
            "Offer to settle it in parts.",
        ),
        (_NO_THREATS, "Nothing about one person's means to the other."),
    ),
    TaskKind.MISSING_DETAILS: Guidance(
        (
            _MAKE_SURE,
            "Ask which number or address is right, and whether others see what comes there.",
            "Ask how and when they like to be reached.",
        ),
        (_TO_NOBODY_ELSE, "Do not ask relatives or neighbours where the person is and why."),
    ),
    TaskKind.REPLY: Guidance(
        (
            "Read what they wrote (notes) and what was sent before (timeline), then answer that.",
            "Thank them for writing. Ask what would help, if it is not clear.",
            "Answer by the way they chose, or call if they asked for it.",
        ),
        (
            "Do not send a text that does not answer what they wrote.",
            *(_TO_NOBODY_ELSE, _NO_THREATS, _NO_PRESSURE),
        ),
    ),
    TaskKind.INCIDENT: Guidance(
        (
            "Find out who got what, from the timeline; write down how it came about.",
            "Weigh the risk for the person, and whether the authority is told within 72 hours.",
            "Tell the person in plain words if the risk for them is high.",
        ),
        (
            "Do not write to the wrong number again, nor ask who has it.",
            "Do not wait for every detail: what is missing can follow.",
        ),
    ),
    TaskKind.SHOCK: Guidance(
        (
            "Ask the officers there what happened: a flood, a strike, a closed market.",
            "Weigh a relief for all whom it hit; its dry run shows for whom, and what it costs.",
            "Offer it as our own help, soon, to those who are in need.",
        ),
        (
            "No relief for everybody: those who can pay are worse off with it.",
            "No word that the place or the trade is to blame.",
        ),
    ),
    TaskKind.BOOK_IN_CORE: Guidance(
        (
            "Book the schedule in the core banking system as the event or the loan shows it.",
            "Then confirm it: a fact of the kind booked, by the core or by `recovery fact record`.",
        ),
        (
            "Do not ask the borrower for anything: what was agreed here holds.",
            "Do not confirm what is not booked, nor book another schedule than this one.",
        ),
    ),
    TaskKind.DELIVER_NOTICE: Guidance(
        (
            "Send the notice to where the person lives, in a closed envelope without our name.",
            "Use what proves content and day: burofax, registered letter, bailiff, a signed copy.",
            "Invite them to talk; name a free, independent debt adviser and our telephone.",
            "Keep the proof: its number, or the name of the scan, goes on record.",
        ),
        (
            "No threat, and no word that a court has decided or will.",
            "Do not leave it with a neighbour, or where others read it.",
            _TO_NOBODY_ELSE,
        ),
    ),
    TaskKind.DELIVER_LETTER: Guidance(
        (
            "Print the letter as it is kept: recovery pre-action letter, or its link in the API.",
            "Take the address from the core system; send it to nobody else, in a closed envelope.",
            "Use what proves content, day and access; keep the scan, its name goes on record.",
            "If they call, listen, and look for a way; what is offered then stays confidential.",
        ),
        (
            "Do not change the letter, nor add a word of your own to it.",
            "Tell a guarantor only what the letter says, and never before the borrower was told.",
            *(_NO_THREATS, _TO_NOBODY_ELSE),
        ),
    ),
    TaskKind.LIMITATION: Guidance(
        (
            "Look at the clocks first: recovery limitation --loan, with what counted and why.",
            "Weigh with the advisor whether to let it rest, to settle, or to keep the claim alive.",
            "Record what was done with its proof: a demand, a request to negotiate, a suit.",
        ),
        (
            "Do not ask for a small payment or a signature only so that the time begins anew.",
            *(_NO_THREATS, _TO_NOBODY_ELSE),
        ),
    ),
    TaskKind.LISTING: Guidance(
        (
            "Tell the register in writing what has changed, and ask for its confirmation.",
            "Record the correction or removal on its day; tell the person that it is done.",
        ),
        ("Ask for nothing in return: an entry that is not true any more goes.", _NO_THREATS),
    ),
    TaskKind.COURT: Guidance(
        (
            "Say what was filed, where, and what it means, in plain words.",
            "Say that an agreement is still possible, and where they get free advice.",
        ),
        ("Do not advise them against a lawyer or an answer to the court.", _NO_ADVICE),
    ),
}
_UNKNOWN = Guidance((_MAKE_SURE, _LISTEN), (_TO_NOBODY_ELSE, _NO_THREATS, _NO_PRESSURE))


def guidance(kind: str) -> Guidance:
    """Return what to say and what not to say; of an unknown kind, what always holds."""
    return _GUIDANCE.get(kind, _UNKNOWN)
