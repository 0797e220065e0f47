"""Every table, one file per aggregate. Tables only: no behaviour, no queries, no relationships.

`workspace_id` leads every primary key and every index, so the schema can be distributed by it.
Importing this package registers all tables on `Base.metadata`, which the migrations' drift test relies on.
"""

from shared.models.access import ApiKey, Team, UserAccount
from shared.models.alerting import Alert, AlertObservation, AlertRule
from shared.models.channels import InboundEndpoint, MessageEvent, Suppression
from shared.models.consents import Consent
from shared.models.customers import Contact, Customer, Tag
from shared.models.facts import Complaint, Contract, Interaction, Opportunity, SurveyResponse, Transaction
from shared.models.imports import Import, ImportChunk, ImportFault, ImportTouch
from shared.models.plumbing import DeadLetter, IdempotencyKey, JobRun, Outbox
from shared.models.products import ExchangeRate, Product
from shared.models.ranking import RankingBucket, RankingCut, RankingInput, RankingState, StaleRanking
from shared.models.reminders import Reminder, ReminderRule
from shared.models.scores import (
    CustomerMetrics,
    CustomerScores,
    ScoreHistory,
    StaleCustomer,
    StaleSegment,
)
from shared.models.segments import Segment, SegmentMembership, SegmentMembershipHistory
from shared.models.sequences import Decision, DueAction, Enrollment, Sequence, SequenceVersion
from shared.models.staging import CustomerRow, InteractionRow, OpportunityRow, TransactionRow
from shared.models.templates import Message, Template
from shared.models.work import Notification, Task
from shared.models.workspace import Workspace

__all__ = [
    "Alert",
    "AlertObservation",
    "AlertRule",
    "ApiKey",
    "Complaint",
    "Consent",
    "Contact",
    "Contract",
    "Customer",
    "CustomerMetrics",
    "CustomerRow",
    "CustomerScores",
    "DeadLetter",
    "Decision",
    "DueAction",
    "Enrollment",
    "ExchangeRate",
    "IdempotencyKey",
    "Import",
    "ImportChunk",
    "ImportFault",
    "ImportTouch",
    "InboundEndpoint",
    "Interaction",
    "InteractionRow",
    "JobRun",
    "Message",
    "MessageEvent",
    "Notification",
    "Opportunity",
    "OpportunityRow",
    "Outbox",
    "Product",
    "RankingBucket",
    "RankingCut",
    "RankingInput",
    "RankingState",
    "Reminder",
    "ReminderRule",
    "ScoreHistory",
    "Segment",
    "SegmentMembership",
    "SegmentMembershipHistory",
    "Sequence",
    "SequenceVersion",
    "StaleCustomer",
    "StaleRanking",
    "StaleSegment",
    "Suppression",
    "SurveyResponse",
    "Tag",
    "Task",
    "Team",
    "Template",
    "Transaction",
    "TransactionRow",
    "UserAccount",
    "Workspace",
]
