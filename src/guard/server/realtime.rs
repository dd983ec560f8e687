//! Threads that no other work may hold up: the one that switches the coil, the one that runs the rules, and the engine's beat. Were only the first of
//! them real-time, a busy computer would look like a frozen engine.

use rustix::thread::CpuSet;

/// Of the coil's thread, among real-time ones, 1 to 99: above the kernel's interrupt threads (50), below its watchdogs (99).
pub const COIL: u8 = 80;
/// Of the rules' thread.
pub const RULES: u8 = 75;
/// Of the engine's beat.
pub const BEAT: u8 = 70;

/// Two processors of those that this thread may run on; one that may be any, where there is one alone.
pub fn two_processors() -> Vec<Option<usize>> {
    let allowed = rustix::thread::sched_getaffinity(None);
    let allowed = allowed.map(|set| (0..CpuSet::MAX_CPU).filter(|processor| set.is_set(*processor)).take(2).collect());
    match allowed {
        Ok(processors) if Vec::len(&processors) == 2 => processors.into_iter().map(Some).collect(),
        _ => vec![None],
    }
}

/// Keeps this thread on a processor. Where the system does not allow it, it runs on any.
pub fn stay_on(processor: Option<usize>) {
    if let Some(processor) = processor {
        let mut set = CpuSet::new();
        set.set(processor);
        let _ = rustix::thread::sched_setaffinity(None, &set);
    }
}

/// Makes this thread a real-time one (first in, first out). What to record where the system does not allow it.
pub fn real_time(thread: &str, priority: u8) -> Option<String> {
    use thread_priority::{
        RealtimeThreadSchedulePolicy, ThreadPriority, ThreadPriorityValue, ThreadSchedulePolicy, set_thread_priority_and_policy,
        thread_native_id,
    };
    let policy = ThreadSchedulePolicy::Realtime(RealtimeThreadSchedulePolicy::Fifo);
    let refused = |why: String| format!("the thread `{thread}` is not a real-time one ({why}): it may be late under load");
    let priority = match ThreadPriorityValue::try_from(priority) {
        Ok(value) => ThreadPriority::Crossplatform(value),
        Err(why) => return Some(refused(why.to_owned())),
    };
    set_thread_priority_and_policy(thread_native_id(), priority, policy).err().map(|why| refused(format!("{why:?}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_stays_on_its_processor() {
        let processors = two_processors();
        assert!(!processors.is_empty() && processors.iter().flatten().count() != 1, "{processors:?}");
        for processor in processors.into_iter().flatten() {
            let on = std::thread::spawn(move || {
                stay_on(Some(processor));
                rustix::thread::sched_getcpu()
            });
            assert_eq!(on.join().unwrap(), processor);
        }
    }
}
