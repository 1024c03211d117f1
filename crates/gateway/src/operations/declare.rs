//! What the table of operations is read into: exhaustive matches over the intents.

/// Looks for the step that `$left` steps come before: a single one, or one for each item of a list.
macro_rules! at_step {
    ($left:ident, $value:expr) => {
        match $left.checked_sub(1) {
            None => return $value,
            Some(less) => $left = less,
        }
    };
    ($left:ident, $item:ident in $list:expr, $value:expr) => {
        let list: &[_] = $list;
        match list.get($left) {
            Some($item) => return $value,
            None => $left -= list.len(),
        }
    };
}

/// The kind of the step that `$left` steps come before.
macro_rules! step_kind {
    ($left:ident,) => {
        at_step!($left, Some(StepKind::Once))
    };
    ($left:ident, $item:ident in $list:expr) => {
        at_step!($left, $item in $list, {
            let _ = $item;
            Some(StepKind::OneOfMany)
        });
    };
}

/// Reads the table: the row, the guard, and the steps of each operation.
macro_rules! operations {
    ($(
        $operation:ident($($field:ident),+) {
            guard: $guard:expr,
            steps: [$(
                $(@each($item:ident in $list:expr))?
                $module:ident::$plan:ident($($sent:ident),*) => $evidence:ident($($proven:ident),*),
                by [$($write:literal),*]
            ),+ $(,)?],
            inverse: $inverse:expr,
            $(undo: $maker:ident::$undo:ident($($undone:ident),*),)?
            stale: [$($stale:ident),+],
        }
    )+) => {
        /// The row of an operation.
        pub fn row(operation: Operation) -> Row {
            match operation {
                $(Operation::$operation => Row {
                    inverse: $inverse,
                    stale: &[$(Resource::$stale),+],
                    writes: &[$($($write),*),+],
                    evidence: &[$(stringify!($evidence)),+],
                },)+
            }
        }

        /// What must be the customer's before an intent is planned.
        pub(crate) fn guard(intent: &Intent) -> Guard<'_> {
            match intent {
                $(
                    #[allow(unused_variables, reason = "a guard needs some of the fields")]
                    Intent::$operation { $($field),+ } => $guard,
                )+
            }
        }

        /// What `step` of an intent is; `None` after the last one.
        #[allow(unused_assignments, unused_mut, reason = "the last step counts down for nobody")]
        pub(crate) fn step_kind(intent: &Intent, step: usize) -> Option<StepKind> {
            let mut left = step;
            match intent {
                $(
                #[allow(unused_variables, reason = "a list needs some of the fields")]
                Intent::$operation { $($field),+ } => {
                    $(step_kind!(left, $($item in $list)?);)+
                })+
            }
            None
        }

        /// The write that an intent needs at `step`, from what upstream says now; `None` where
        /// that step has nothing to do.
        #[allow(unused_assignments, unused_mut, reason = "the last step counts down for nobody")]
        pub(crate) async fn plan(
            reader: &Reader<'_>,
            intent: &Intent,
            step: usize,
        ) -> Result<Option<Write>, Stop> {
            let mut left = step;
            match intent {
                $(
                #[allow(unused_variables, reason = "a step needs some of the fields")]
                Intent::$operation { $($field),+ } => {
                    $(at_step!(left, $($item in $list,)? $module::$plan(reader, $($sent),*).await);)+
                })+
            }
            Ok(None)
        }

        /// What takes a finished action back, where that is only known afterwards: what it made
        /// has an id by then.
        #[allow(unused_variables, reason = "all of them may know it before")]
        pub(crate) async fn undo_of(
            reader: &Reader<'_>,
            intent: &Intent,
        ) -> Result<Option<Intent>, Problem> {
            match intent {
                $(
                Intent::$operation { $($field),+ } => {
                    $(return $maker::$undo(reader, $($undone),*).await;)?
                })+
            }
            #[allow(unreachable_code, reason = "all of them may come to know it afterwards")]
            Ok(None)
        }

        /// Whether upstream's state proves that the write of `step` happened.
        #[allow(unused_assignments, unused_mut, reason = "the last step counts down for nobody")]
        pub(crate) async fn happened(
            reader: &Reader<'_>,
            intent: &Intent,
            step: usize,
        ) -> Result<bool, Problem> {
            let mut left = step;
            match intent {
                $(
                #[allow(unused_variables, reason = "a step needs some of the fields")]
                Intent::$operation { $($field),+ } => {
                    $(at_step!(left, $($item in $list,)? $module::$evidence(reader, $($proven),*).await);)+
                })+
            }
            Ok(false)
        }
    };
}
