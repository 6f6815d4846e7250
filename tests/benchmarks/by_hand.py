"""The request and the response of the first contract as somebody writes them by hand, to race against."""

from hypothesis import strategies as st

TEXT = st.text()
WHOLE = st.integers()
SHARE = st.floats(allow_nan=False, allow_infinity=False)
EVALUATIONS = st.sampled_from(["success", "failure", "reviewed_success", "reviewed_failure"])
ANY = st.recursive(
    st.none() | st.booleans() | WHOLE | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=4,
)
MOMENTS = st.datetimes().map(lambda moment: moment.isoformat() + "Z")

REQUEST = st.fixed_dictionaries(
    {},
    optional={
        "evaluation_status": EVALUATIONS,
        "success": st.booleans(),
        "is_reviewed": st.booleans(),
        "feedback": TEXT,
        "error_message": TEXT,
        "scenario_instructions": TEXT,
    },
)

_METRIC = st.fixed_dictionaries(
    {
        "id": WHOLE,
        "name": TEXT,
        "type": TEXT,
        "score": SHARE,
        "enum": TEXT,
        "value": TEXT,
        "explanation": st.lists(TEXT, max_size=3),
        "extra": st.dictionaries(TEXT, ANY, max_size=2),
    }
)
_ALIGNMENT = st.fixed_dictionaries({"outcome": TEXT, "prompt_part": TEXT, "aligned": st.booleans()})
_CATEGORY = st.fixed_dictionaries(
    {
        "category_id": WHOLE,
        "category": TEXT,
        "deviation": SHARE,
        "wrongly_marked": st.booleans(),
        "feedback": TEXT,
        "priority": st.sampled_from(["critical", "non-critical", "not_a_bug"]),
    }
)
_TURN = st.fixed_dictionaries({"role": TEXT, "content": TEXT, "timestamp": SHARE})

RESPONSE = st.fixed_dictionaries(
    {
        "id": WHOLE,
        "scenario": st.none() | WHOLE,
        "scenario_name": TEXT,
        "personality": WHOLE,
        "personality_name": TEXT,
        "agent": WHOLE,
        "expected_outcome_prompt": TEXT,
        "expected_outcome": st.fixed_dictionaries(
            {
                "score": SHARE,
                "explanation": st.lists(TEXT, max_size=3),
                "outcome_alignments": st.lists(_ALIGNMENT, max_size=3),
            }
        ),
        "evaluation": st.fixed_dictionaries({"metrics": st.lists(_METRIC, max_size=3)}),
        "transcript": TEXT,
        "transcript_object": st.lists(_TURN, max_size=3),
        "duration": TEXT,
        "voice_recording_url": TEXT,
        "email_id": st.none() | st.emails(),
        "status": st.sampled_from(["running", "completed", "failed", "pending", "in_progress", "evaluating"]),
        "metadata": ANY,
        "success": st.booleans(),
        "timestamp": MOMENTS,
        "executed_at": st.none() | MOMENTS,
        "outbound_number": TEXT,
        "critical_categories": st.lists(_CATEGORY, max_size=3),
        "run_as_text": st.booleans(),
    },
    optional={
        "provider_call_id": TEXT,
        "result_id": WHOLE,
        "result_name": TEXT,
        "rubric": ANY,
        "evaluation_status": EVALUATIONS,
        "is_reviewed": st.booleans(),
        "feedback": TEXT,
        "inbound_number": TEXT,
        "error_message": TEXT,
        "scenario_instructions": TEXT,
        "test_profile_data": st.fixed_dictionaries(
            {"id": WHOLE, "name": TEXT, "information": st.dictionaries(TEXT, ANY, max_size=2)}
        ),
        "provider_call_details": ANY,
        "agent_number": st.none() | TEXT,
        "testing_channel_index": st.none() | WHOLE,
        "run_type": st.none() | TEXT,
    },
)
