package dev.merlon.model.verify;

import dev.merlon.model.bound.box.InputSet;
import dev.merlon.model.bound.linear.CrownOptions;
import dev.merlon.model.bound.split.PreActivations;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.norm.Cell;
import dev.merlon.model.verify.branch.Root;
import dev.merlon.model.verify.ladder.Effort;
import dev.merlon.model.verify.ladder.OpenWork;
import dev.merlon.model.verify.ladder.Progress;
import dev.merlon.model.verify.proof.MarginProof;
import dev.merlon.model.verify.proof.MarginProofs;
import dev.merlon.model.verify.proof.ProofKeeping;
import dev.merlon.model.verify.question.Inputs;
import dev.merlon.model.verify.question.Query;
import dev.merlon.model.verify.runtime.ImportCheck;
import dev.merlon.model.verify.specification.Conjunction;
import dev.merlon.model.verify.specification.LinearConstraint;
import dev.merlon.model.verify.verdict.MarginBounds;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Proof;
import dev.merlon.model.verify.verdict.Rung;
import dev.merlon.model.verify.verdict.Verdict;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** What is known about one query while the rungs are climbed. Not thread-safe. */
final class OpenQuery extends OpenWork {
  private final Query query;
  private final ProofKeeping keeping;
  private final Map<Integer, MarginProof> proofs = new HashMap<>();
  private Optional<Progress.Prediction> prediction;
  private Optional<MarginBounds> margins;
  private Optional<PreActivations.Saved> inside = Optional.empty();

  OpenQuery(PendingQuery pending) {
    this(pending, ProofKeeping.NONE);
  }

  OpenQuery(PendingQuery pending, ProofKeeping keeping) {
    super(pending.progress().tried(), pending.progress().spentNanos());
    this.query = pending.query();
    this.keeping = keeping;
    this.proofs.putAll(pending.progress().proofs());
    this.prediction = pending.progress().prediction();
    this.margins = pending.progress().margins();
    if (hasTried(Rung.PREDICT) != prediction.isPresent()) {
      throw new IllegalArgumentException("tried " + tried() + ", prediction " + prediction);
    }
  }

  Query query() {
    return query;
  }

  /** The rung that certified this query, if one did. */
  Optional<Rung> certifiedBy() {
    return outcome().filter(Outcome.Certified.class::isInstance).map(Outcome::rung);
  }

  /** Whether there is a verdict, or nothing left to try. */
  boolean isDone(Effort effort) {
    return !interrupted() && (outcome().isPresent() || tried().containsAll(effort.rungs()));
  }

  /**
   * What is known, for another verifier to go on with. A certificate that was to be attacked and
   * was not is proved again there.
   */
  PendingQuery pending() {
    Set<Rung> done = tried();
    certifiedBy().ifPresent(done::remove);
    return new PendingQuery(query, known(done));
  }

  Optional<MarginBounds> margins() {
    return margins;
  }

  @Override
  public void end(Outcome answer) {
    super.end(answer);
    inside = Optional.empty();
  }

  /**
   * The root of a cell of this query's set: with the bounds that an earlier rung left, or computed
   * and left, where the set has this cell alone.
   */
  Root root(LiveNetwork verifiers, Cell cell, CrownOptions crown) {
    CrownOptions options = crown.withRounding(query.guarantee().rounding());
    boolean alone = query.set().cells() == 1;
    Root.Inputs around =
        (live, scope) ->
            InputSet.around(Inputs.tensor(scope, live, query.x(), 1), query.set(), cell);
    Root root = Root.of(verifiers, around, options, alone ? inside : Optional.empty());
    if (alone && inside.isEmpty()) {
      inside = Optional.of(root.known().saved());
    }
    return root;
  }

  void predicted(int best, double[] values) {
    prediction = Optional.of(new Progress.Prediction(best, values));
  }

  void bounded(MarginBounds bounds) {
    margins = Optional.of(margins.map(bounds::best).orElse(bounds));
  }

  /** Whether what proves margins is to be kept. */
  boolean keepsProofs() {
    return keeping == ProofKeeping.WHOLE;
  }

  /**
   * Keeps what proves margins that these bounds are the first to prove or prove better; to be told
   * before {@link #bounded}.
   *
   * @param how what proves the margin to a class, if it can be told; only asked for those
   */
  void proved(MarginBounds bounds, IntFunction<Optional<MarginProof>> how) {
    double[] known = bounds(bounds.classes());
    for (int other = 0; keepsProofs() && other < known.length; other++) {
      double fresh = bounds.against(other);
      if (other != query.label() && fresh > 0 && fresh > known[other]) {
        proofs.remove(other);
        int to = other;
        how.apply(to).ifPresent(proof -> proofs.put(to, proof));
      }
    }
  }

  /** What proves all margins, where it was kept. */
  Optional<Proof> proof() {
    int classes = margins.map(MarginBounds::classes).orElse(0);
    return keepsProofs() && proofs.size() == classes - 1
        ? Optional.of(new MarginProofs(proofs))
        : Optional.empty();
  }

  /** The bounds known so far, {@code [K]}; minus infinity where there is none. */
  double[] bounds(int classes) {
    double[] known = new double[classes];
    Arrays.setAll(
        known, j -> margins.map(bounds -> bounds.against(j)).orElse(Double.NEGATIVE_INFINITY));
    return known;
  }

  /** The classes that no bound proves the label to be ahead of. */
  int[] unproved(int classes) {
    double[] known = bounds(classes);
    return IntStream.range(0, classes).filter(j -> j != query.label() && !(known[j] > 0)).toArray();
  }

  /**
   * Of the specification, the constraints that say of classes that the label is not ahead of them.
   *
   * @param others the classes
   * @param classes of the model
   */
  List<LinearConstraint> constraints(int[] others, int classes) {
    List<Conjunction> cases = query.specification(classes).regions().get(0).cases();
    return IntStream.of(others)
        .mapToObj(other -> cases.get(other < query.label() ? other : other - 1))
        .map(only -> only.constraints().get(0))
        .toList();
  }

  /**
   * Whether {@code bounds} claim more than ONNX Runtime shows at the input itself, which lies in
   * its own perturbation set; small float32 differences allowed.
   */
  boolean contradicts(MarginBounds bounds) {
    double[] shown = prediction.orElseThrow().logits();
    double tolerance = ImportCheck.tolerance(shown);
    for (int j = 0; j < shown.length; j++) {
      double margin = shown[query.label()] - shown[j];
      if (j != query.label() && bounds.against(j) > margin + tolerance) {
        return true;
      }
    }
    return false;
  }

  /** How far this query came, for people: the class that stands most against it, and its bound. */
  @Override
  public String progress() {
    return margins.map(MarginBounds::worst).orElse("no margin is bounded yet");
  }

  /** The answer; a query that no rung ended is unknown. */
  Answers.Answered answered() {
    Outcome answer =
        outcome()
            .orElseGet(
                () ->
                    new Outcome.Unknown(lastRung(), "no rung proved or refuted it; " + progress()));
    return new Answers.Answered(new PendingQuery(query, known(tried())), answer);
  }

  /** What results files say of it. */
  Verdict verdict() {
    return answered().verdict().orElseThrow();
  }

  private Progress known(Set<Rung> rungs) {
    return new Progress(rungs, prediction, margins, spentNanos(), proofs, List.of());
  }
}
