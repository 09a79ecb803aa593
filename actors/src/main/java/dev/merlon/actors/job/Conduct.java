package dev.merlon.actors.job;

import dev.merlon.actors.verification.Results;
import dev.merlon.actors.verification.StoreChoice;
import dev.merlon.model.verify.verdict.Outcome;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/**
 * How verifiers are asked, what is known before, and where verdicts go.
 *
 * @param out where verdicts are written; empty = nowhere
 * @param store where they are looked up and kept
 * @param retry verdicts of both that are asked for again
 * @param verifiers who is asked
 * @param seed keys the start points of attacks
 * @param pictures the folder that pictures of counterexamples go to; empty = none are made
 */
public record Conduct(
    Optional<Results> out,
    StoreChoice store,
    Set<Outcome.Kind> retry,
    Verifiers verifiers,
    long seed,
    Optional<Path> pictures) {
  /** Copies the set. */
  public Conduct {
    retry = Set.copyOf(retry);
  }
}
