package dev.merlon.model.store;

import dev.merlon.model.onnx.ImportedModel;
import dev.merlon.model.verify.question.Guarantee;
import dev.merlon.model.verify.question.ModelKey;
import dev.merlon.model.verify.question.QueryKey;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.vnnlib.Witness;
import dev.merlon.proto.Digests;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a store knows about one VNN-LIB property of one model. The property is named by the digest
 * of its file; it has no input and no label of its own.
 */
public final class PropertyFacts {
  /** How the canonical forms of properties begin. */
  static final String PROPERTY = "vnnlib:";

  private static final String NO_INPUT = Digests.of(new byte[0]);
  private static final int NO_LABEL = -1;

  private final CertificateStore store;
  private final String modelName;
  private final QueryKey key;
  private final FactRules.Asker asker;

  PropertyFacts(CertificateStore store, ImportedModel model, String sha256, FactRules.Asker asker) {
    this.store = store;
    this.modelName = model.name();
    this.key =
        new QueryKey(ModelKey.of(model), PROPERTY + sha256, Guarantee.REAL, NO_INPUT, NO_LABEL);
    this.asker = asker;
  }

  /**
   * What is known: an answer, or that answers contradict each other.
   *
   * @param answer empty where it has to be found
   * @param conflict how both sides of a contradiction came about
   */
  public record Known(Optional<Outcome> answer, Optional<String> conflict) {}

  /**
   * What is known before anything is tried.
   *
   * @param confirm the witness that the model file itself gives for an input, if it still is one
   */
  public Known known(Function<double[], Optional<Witness>> confirm) {
    // Every property of the model has no input and no label.
    Implication question = new Implication(key.perturbation(), key.guarantee());
    Optional<Fact.Stored> stored =
        store.read(List.of(key)).get(0).stream().filter(question::isAbout).findFirst();
    Optional<String> conflict = stored.flatMap(Fact.Stored::disputed);
    return conflict.isPresent()
        ? new Known(Optional.empty(), conflict)
        : new Known(stored.flatMap(known -> answer(known.fact(), confirm)), Optional.empty());
  }

  // No accuracy under attack depends on who found the witness.
  private Optional<Outcome> answer(Fact fact, Function<double[], Optional<Witness>> confirm) {
    Outcome outcome = fact.outcome();
    return switch (fact.kind()) {
      case FALSIFIED ->
          confirm
              .apply(point(fact))
              .map(found -> new Outcome.Refuted(outcome.rung(), found, "known before"));
      case CERTIFIED, UNKNOWN, TIMEOUT ->
          FactRules.answers(fact, asker) ? Optional.of(outcome) : Optional.empty();
      case MISCLASSIFIED, CONFLICT -> Optional.empty();
    };
  }

  private static double[] point(Fact fact) {
    float[] kept = fact.outcome().counterexample().orElseThrow().point();
    double[] point = new double[kept.length];
    for (int i = 0; i < kept.length; i++) {
      point[i] = kept[i];
    }
    return point;
  }

  /**
   * Keeps an answer; it is on the disk when this returns. What a rung that failed left open is not
   * kept: it may succeed the next time.
   *
   * @return how both sides of a contradiction came about, if the answer contradicts what is known
   * @throws dev.merlon.config.failure.MerlonException (device) when it cannot be kept
   */
  public Optional<String> record(Outcome answer, Duration elapsed) {
    if (answer.failure().isPresent()) {
      return Optional.empty();
    }
    Fact.Source source = new Fact.Source(asker.effort(), asker.prover(), true, store.now());
    Fact fact = new Fact(kept(answer), NO_LABEL, Optional.empty(), source, elapsed.toNanos() / 1e6);
    return store.writer().write(List.of(new FactWriter.Entry(key, modelName, fact))).get(0);
  }

  // A model that takes float64 may not confirm the nearest float32 numbers: then it is asked anew.
  private static Outcome kept(Outcome answer) {
    return answer
        .counterexample()
        .<Outcome>map(nearest -> new Outcome.Falsified(answer.rung(), nearest))
        .orElse(answer);
  }
}
