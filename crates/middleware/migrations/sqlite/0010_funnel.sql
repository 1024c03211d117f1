-- The steps of canceling: each flow takes a step once. Nothing says whose flow it is.
CREATE TABLE funnel_steps (
    flow TEXT NOT NULL,
    step TEXT NOT NULL,
    detail TEXT NOT NULL,
    day TEXT NOT NULL,
    PRIMARY KEY (flow, step)
) STRICT, WITHOUT ROWID;

CREATE INDEX funnel_steps_by_day ON funnel_steps (day);
