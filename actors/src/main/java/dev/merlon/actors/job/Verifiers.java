package dev.merlon.actors.job;

import dev.merlon.actors.engine.VerifierProcesses;
import dev.merlon.actors.verification.Certification;
import dev.merlon.actors.verification.EngineProcesses;
import dev.merlon.actors.verification.VerificationSettings;
import dev.merlon.config.home.MerlonHome;
import java.util.Optional;

/**
 * Which verifiers are asked.
 *
 * @param count how many work at once; empty = as configured
 * @param isolated whether each works in a process of its own
 */
public record Verifiers(Optional<Integer> count, boolean isolated) {
  /** As configured, in this process. */
  public static final Verifiers USUAL = new Verifiers(Optional.empty(), false);

  /**
   * Verifiers that wait for work; whoever opened them closes them.
   *
   * @throws dev.merlon.config.failure.MerlonException when they cannot be had
   */
  Opened open(ActorHost host) {
    VerificationSettings configured = VerificationSettings.of(host.system());
    VerificationSettings settings = count.map(configured::withVerifiers).orElse(configured);
    Optional<VerifierProcesses> processes =
        isolated
            ? Optional.of(
                VerifierProcesses.prepare(
                    host.system().settings().config(), MerlonHome.ofProcess().logs()))
            : Optional.empty();
    return new Opened(
        new Certification(host.system(), settings, processes.map(EngineProcesses.class::cast)),
        settings.verifiers(),
        processes);
  }

  /**
   * Verifiers at work.
   *
   * @param certification what is asked
   * @param count how many there are
   * @param processes where they work, if not here
   */
  record Opened(Certification certification, int count, Optional<VerifierProcesses> processes)
      implements AutoCloseable {
    /** Takes back what is not answered, and returns when they are gone. */
    @Override
    public void close() {
      try {
        certification.close();
      } finally {
        processes.ifPresent(VerifierProcesses::close);
      }
    }
  }
}
