"""What is refused about the commission's motions, votes and decisions."""

from shared.refusals import Conflict, Forbidden, NotFound, RuleBroken


class MotionNotFound(NotFound):
    """No motion is before the commission."""

    title = "There is no motion"
    detail = "No motion on the application is before the commission."
    remedy = "An officer puts a motion first."


class MotionOpenAlready(Conflict):
    """One motion at a time."""

    title = "A motion is open"
    detail = "A motion on the application is before the commission already."
    remedy = "Let the commission vote on it, or drop it."


class MotionOutdated(Conflict):
    """The application changed after the motion was put: the votes covered something else."""

    title = "The application has changed since the motion"
    detail = "The application has changed since the motion was put, by a statement of the applicant for instance."
    remedy = "Drop the motion and put a new one."


class MotionClosed(Conflict):
    """The motion has been decided or dropped."""

    title = "The motion is closed"
    detail = "The motion is {status}."
    remedy = "Put a new motion."


class MoverMayNotVote(Forbidden):
    """Who puts the motion does not vote on it."""

    title = "Who puts the motion does not vote"
    detail = "The motion was put by the same person."
    remedy = "The other members vote."


class ExaminerMayNotVote(Forbidden):
    """Who examined the application does not decide on it."""

    title = "An expert of the application does not vote"
    detail = "The member was asked to examine this application."
    remedy = "The other members vote."


class ApplicantMayNotVote(Forbidden):
    """Nobody decides on an application of their own company."""

    title = "Who submitted the application does not decide on it"
    detail = "The caller submitted the application, or acts for the applicant."
    remedy = "Somebody else acts."


class VoteCastAlready(Conflict):
    """A vote is cast once."""

    title = "The vote was cast already"
    detail = "This member has voted on the motion."
    remedy = "The officer closes the vote when the quorum is there."


class VoteReasonMissing(RuleBroken):
    """Against, abstained and recused want a reason."""

    title = "The reason is missing"
    detail = "A vote that is not for the motion is given with its reason."
    remedy = "Say why."
    field = "/reason"


class QuorumMissing(Conflict):
    """Too few members have voted."""

    title = "The quorum is not reached"
    detail = "{present} members have voted; the quorum is {quorum} ({source})."
    remedy = "Wait for more votes, or drop the motion."


class GroundNotEstablished(RuleBroken):
    """Refusal stands only on a condition that is not met; unknown is never a refusal."""

    title = "The ground of refusal is not established"
    detail = "On the condition {ground} the answer is {answer}: {article} gives no ground of refusal."
    remedy = "Refuse on a condition that is not met, or approve."
    field = "/motion/ground"


class RequirementMissing(RuleBroken):
    """Non-compliance with the rules names the requirement."""

    title = "The requirement is not named"
    detail = "A refusal for non-compliance names the requirement of the rules that is not complied with."
    remedy = "Name the item of the rules, and the score where the score falls short of it."
    field = "/motion/requirement"


class ConditionNotMet(RuleBroken):
    """A grant is provided on all the conditions in force."""

    title = "A condition is not met"
    detail = "Not met: {conditions} (Law 86-VII, Art. 25(5))."
    remedy = "Put a motion to refuse on that ground."
    field = "/motion"
