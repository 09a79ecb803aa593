package dev.merlon.model.verify.ladder;

import dev.merlon.config.attack.EvaluationAttack;
import dev.merlon.model.verify.proof.ProofKeeping;
import dev.merlon.model.verify.verdict.LadderPhase;
import dev.merlon.model.verify.verdict.Rung;
import java.time.Duration;
import java.util.List;

/**
 * How hard a verifier tries.
 *
 * @param rungs the whole ladder, from cheap to expensive (see {@link Rung#ladder}); what a rung
 *     leaves to later ones may depend on which there are
 * @param attack the search for counterexamples
 * @param seed keys the search's start points, together with each query's digest
 * @param timeout time for one query; once it is spent no further rung is tried
 * @param crossCheck whether certified queries are attacked too; a confirmed counterexample turns
 *     the certificate into a conflict
 * @param last the phase after which queries are given back that no rung has ended
 * @param proofs whether certificates come with what proved them
 */
public record Effort(
    List<Rung> rungs,
    EvaluationAttack attack,
    long seed,
    Duration timeout,
    boolean crossCheck,
    LadderPhase last,
    ProofKeeping proofs) {

  /** Puts the rungs in order. */
  public Effort {
    rungs = Rung.ladder(rungs.stream().map(Rung::word).toList());
    if (timeout.isNegative()) {
      throw new IllegalArgumentException("a timeout is not negative: " + timeout);
    }
  }

  /** The whole ladder; proofs are not kept. */
  public static Effort of(List<Rung> rungs, EvaluationAttack attack, long seed, Duration timeout) {
    return new Effort(rungs, attack, seed, timeout, false, LadderPhase.SEARCH, ProofKeeping.NONE);
  }

  /** The same with certified queries attacked too. */
  public Effort crossChecked() {
    return new Effort(rungs, attack, seed, timeout, true, last, proofs);
  }

  /** The same with another time limit. */
  public Effort within(Duration other) {
    return new Effort(rungs, attack, seed, other, crossCheck, last, proofs);
  }

  /** The same up to the end of a phase. */
  public Effort upTo(LadderPhase phase) {
    return new Effort(rungs, attack, seed, timeout, crossCheck, phase, proofs);
  }

  /** The same with certificates that come with what proved them. */
  public Effort keepingProofs() {
    return new Effort(rungs, attack, seed, timeout, crossCheck, last, ProofKeeping.WHOLE);
  }

  /** Whether a rung is climbed, by this effort or by the same in a later phase. */
  public boolean tries(Rung rung) {
    return rungs.contains(rung);
  }

  /** The rungs of its phases. */
  public List<Rung> due() {
    return rungs.stream().filter(rung -> rung.phase().compareTo(last) <= 0).toList();
  }
}
