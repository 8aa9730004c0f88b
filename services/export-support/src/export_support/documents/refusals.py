"""What is refused about cost documents: who holds one is told within the own institute only."""

from shared.refusals import Conflict, RuleBroken


class DocumentHeld(Conflict):
    """What is asked of the document is held by requests of the same institute."""

    title = "The document was asked for already"
    detail = "Of the document {number} of {on} {left} {currency} is left, {asked} is asked; {held_by} holds the rest."
    remedy = "A document is reimbursed once: take its lines out, or ask for no more than what is left."


class DocumentHeldElsewhere(Conflict):
    """What is asked of the document is held by a request to another institute, which is not named."""

    title = "The document was asked for at another institute"
    detail = "Of the document {number} of {on} {left} {currency} is left, {asked} is asked; another holds the rest."
    remedy = "A document is reimbursed once, by whichever institute: take its lines out."


class DocumentExceeded(RuleBroken):
    """The lines of one request ask more of a document than it is about."""

    title = "More is asked than the document is about"
    detail = "The document {number} of {on} is about {total} {currency}; the lines ask for {asked}."
    remedy = "Ask for no more than the document's total, all lines together."


class DocumentStatedOtherwise(RuleBroken):
    """Two lines state another total or currency for one document."""

    title = "A document is stated in two ways"
    detail = "The document {number} of {on} stands elsewhere over another total or in another currency."
    remedy = "State the total and the currency as they stand on the document."
