package dev.merlon.actors.event;

/** The parts of jobs that take time. */
public enum JobPhase {
  /** Steps of a run. */
  TRAINING,
  /** Verdicts about a model. */
  CERTIFICATION,
  /** Searches for counterexamples, and nothing else. */
  ATTACK,
  /** The answer to one property. */
  VERIFICATION,
  /** Figures of a run's models, for its page. */
  MEASURING,
  /** Worst cases by mixed-integer programs, for its page. */
  SOLVING
}
