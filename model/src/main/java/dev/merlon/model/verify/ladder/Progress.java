package dev.merlon.model.verify.ladder;

import dev.merlon.model.verify.proof.MarginProof;
import dev.merlon.model.verify.verdict.MarginBounds;
import dev.merlon.model.verify.verdict.Rung;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is known of something that waits for an answer, so that another verifier of the same model
 * can go on where one stopped. A certificate then rests on what both of them proved.
 *
 * @param tried the rungs that were climbed to their end; of a property, each region has its own
 * @param prediction what ONNX Runtime says of the input, once {@link Rung#PREDICT} was tried
 * @param margins the highest lower bounds so far
 * @param spentNanos time spent so far, at least 0
 * @param proofs where proofs are kept, what proved the margins above 0, by class
 * @param regions of a property, in its order; none where nobody has worked on it
 */
public record Progress(
    Set<Rung> tried,
    Optional<Prediction> prediction,
    Optional<MarginBounds> margins,
    long spentNanos,
    Map<Integer, MarginProof> proofs,
    List<RegionProgress> regions) {
  /** Nothing. */
  public static final Progress NONE =
      new Progress(Set.of(), Optional.empty(), Optional.empty(), 0, Map.of(), List.of());

  /** Copies the collections. */
  public Progress {
    tried = Collections.unmodifiableSet(set(tried));
    proofs = Map.copyOf(proofs);
    regions = List.copyOf(regions);
    if (spentNanos < 0) {
      throw new IllegalArgumentException("tried " + tried + " in " + spentNanos + " ns");
    }
  }

  /** That of a property. */
  public static Progress of(List<RegionProgress> regions, long spentNanos) {
    return new Progress(
        Set.of(), Optional.empty(), Optional.empty(), spentNanos, Map.of(), regions);
  }

  /**
   * ONNX Runtime's answer for the input itself.
   *
   * @param best the class
   * @param logits {@code [K]}; nobody writes to them
   */
  @SuppressWarnings("ArrayRecordComponent") // Shared read-only; never compared.
  public record Prediction(int best, double[] logits) {}

  private static EnumSet<Rung> set(Set<Rung> rungs) {
    EnumSet<Rung> copy = EnumSet.noneOf(Rung.class);
    copy.addAll(rungs);
    return copy;
  }
}
