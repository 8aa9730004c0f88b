"""What a cancellation refuses: one pair of eyes, and an obligation that is no longer what was proposed."""

from shared.refusals import Conflict


class CancellationAlreadyProposed(Conflict):
    """One proposal at a time."""

    title = "A cancellation is proposed already"
    detail = "The cancellation of the obligation as it stands was proposed: {reason}"
    remedy = "Let an approver decide on that proposal."


class CancellationNotProposed(Conflict):
    """There is nothing to approve."""

    title = "No cancellation is proposed"
    detail = "No proposal awaits approval; the last one is {status}."
    remedy = "Let an officer propose the cancellation."


class ObligationChangedSince(Conflict):
    """The obligation was reported, evaluated, amended or excused since the proposal."""

    title = "The obligation has changed since the proposal"
    detail = "The cancellation was proposed at version {proposed}; the obligation now stands at version {current}."
    remedy = "Read the obligation again and propose its cancellation anew."
