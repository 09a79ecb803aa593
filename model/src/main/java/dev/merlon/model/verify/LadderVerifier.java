package dev.merlon.model.verify;

import ai.djl.ndarray.types.DataType;
import dev.merlon.config.Failure;
import dev.merlon.config.MerlonException;
import dev.merlon.model.network.LiveNetwork;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.ParameterValues;
import dev.merlon.model.onnx.ImportedModel;
import dev.merlon.model.tensor.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The verifier of one model file: predictions by the file itself, bounds in float64 on the graph
 * read from it. Owns its tensors and its predictor; not thread-safe.
 */
public final class LadderVerifier implements Verifier {
  private final Network network;
  private final Guarantee guarantee;
  private final Scope scope;
  private final Predictor predictor;
  private final Ladder ladder;

  private LadderVerifier(
      Network network, Guarantee guarantee, Scope scope, Predictor predictor, Ladder ladder) {
    this.network = network;
    this.guarantee = guarantee;
    this.scope = scope;
    this.predictor = predictor;
    this.ladder = ladder;
  }

  /**
   * Opens a verifier and checks that graph and file are the same function.
   *
   * @param network the graph read from the file, of at least two classes
   * @param values the file's weights
   * @param predictor the file itself; owned, and closed even if opening fails
   * @throws MerlonException (model format) when the logits of graph and file differ, or
   *     (configuration) when the guarantee cannot be given for this model, or it is too large for
   *     the memory
   */
  public static LadderVerifier open(
      Network network, ParameterValues values, Predictor predictor, VerifierSettings settings) {
    return open(network, values, predictor, settings, System::nanoTime);
  }

  /**
   * Opens a verifier of a model file, predicting with ONNX Runtime.
   *
   * @param threads threads of one of the runtime's operators, at least 1
   * @throws MerlonException (model format) when the runtime refuses the file or disagrees with its
   *     imported graph
   */
  public static LadderVerifier open(ImportedModel model, VerifierSettings settings, int threads) {
    RuntimePredictor predictor = RuntimePredictor.open(model, threads);
    return open(model.network(), model.values(), predictor, settings);
  }

  static LadderVerifier open(
      Network network,
      ParameterValues values,
      Predictor predictor,
      VerifierSettings settings,
      LongSupplier nanoTime) {
    Scope scope = Scope.open("verifier");
    try {
      requireClasses(network);
      settings.guarantee().requirePossible(network);
      settings.guarantee().requirePossible(predictor.ending());
      settings.limits().requireRoom(network);
      LiveNetwork wide = LiveNetwork.evaluation(network, values, DataType.FLOAT64, scope);
      Agreement.require(wide, predictor, settings.seed());
      PgdSearch attack = new PgdSearch(network, values, settings.attack(), settings.seed(), scope);
      Clock clock = new Clock(settings.timeout().toNanos(), nanoTime);
      List<RungStep> steps = new RungSteps(wide, predictor, attack, settings, clock).all();
      Ladder ladder = new Ladder(steps, settings.timeout().toNanos(), nanoTime);
      return new LadderVerifier(network, settings.guarantee(), scope, predictor, ladder);
    } catch (RuntimeException | Error failed) {
      scope.close();
      predictor.close();
      throw failed;
    }
  }

  // What has no other class keeps its label whatever happens to it: nothing to certify or attack.
  private static void requireClasses(Network network) {
    if (network.classes() < 2) {
      throw new MerlonException(
          new Failure.Configuration(
              "A model with one output has no classes to tell apart",
              "Compare its output with a threshold."));
    }
  }

  @Override
  public List<Verdict> verify(List<Query> queries) {
    List<OpenQuery> all = new ArrayList<>(queries.size());
    for (Query query : queries) {
      OpenQuery open = new OpenQuery(query);
      Optional<String> problem = Inputs.problem(query, network.inputShape(), network.classes());
      problem.ifPresent(reason -> open.end(new Outcome.Unknown(Rung.PREDICT, reason)));
      all.add(open);
    }
    ladder.climb(all);
    return all.stream().map(query -> query.verdict(guarantee)).toList();
  }

  @Override
  public void close() {
    scope.close();
    predictor.close();
  }
}
