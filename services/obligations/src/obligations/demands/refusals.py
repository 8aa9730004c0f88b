"""What a demand refuses: haste, trifles, one pair of eyes, unverified ground."""

from shared.refusals import Conflict, RuleBroken


class HearingRuns(RuleBroken):
    """The recipient may still be heard (APPC, Art. 73; assumed)."""

    title = "The hearing is not over"
    detail = "The recipient may be heard until the end of {hearing_until}; today is {today}."
    remedy = "Propose the demand after that day."


class BelowMateriality(RuleBroken):
    """The rule set does not demand so small a total: the principal and interest that have arisen, paid or not."""

    title = "The claim is too small to be demanded"
    detail = "The claim comes to {total} tenge; a total of less than {materiality} tenge is not demanded."
    remedy = "Leave the claim as it is; a new fact may raise it."


class RestsOnUnverified(RuleBroken):
    """Parameters or rates under the claim are confirmed by nobody; both officers may accept them by name."""

    title = "The claim rests on what is not verified"
    detail = "Not verified and not accepted by name: {unverified}."
    remedy = "Let two officers confirm them, or name each one under accepted_unverified in proposal and approval."
    field = "/accepted_unverified"


class DemandAlreadyProposed(Conflict):
    """One proposal at a time."""

    title = "A demand is proposed already"
    detail = "Version {claim_version} was proposed by another officer and awaits approval."
    remedy = "Let an approver decide on that proposal."


class DemandNotProposed(Conflict):
    """There is nothing to approve."""

    title = "No demand is proposed"
    detail = "No proposal awaits approval; the last one is {status}."
    remedy = "Let an officer propose the demand."


class ProposalVoid(Conflict):
    """The claim has a new version since the proposal."""

    title = "The claim has changed since the proposal"
    detail = "Version {proposed} was proposed; the claim now stands at version {current}."
    remedy = "Read the new version and propose it anew."


class ClaimOutdated(Conflict):
    """The facts as they stand now give other figures than the version that was proposed."""

    title = "The claim is not up to date"
    detail = "Version {claim_version} no longer follows from the facts; a new version is on its way."
    remedy = "Read the claim again a little later."
    retry_after = 2
