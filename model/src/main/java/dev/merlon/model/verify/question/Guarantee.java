package dev.merlon.model.verify.question;

import dev.merlon.config.failure.Failure;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.bound.box.Rounding;
import dev.merlon.model.network.Network;
import dev.merlon.model.network.Node;
import dev.merlon.model.network.operation.Activation;
import dev.merlon.model.onnx.ImportedModel;
import dev.merlon.model.onnx.operator.Ending;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a certificate is about. */
public enum Guarantee {
  /** The exact real function of the file's weights, with rounding accounted for. */
  REAL,
  /** Also whatever ONNX Runtime's float32 forward pass can return. */
  DEPLOYED,
  /** Bounds in plain float64 arithmetic without directed rounding, as the literature reports. */
  NOMINAL;

  /** Its name in configuration and results. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The guarantee of this name.
   *
   * @throws MerlonException (configuration) when there is none of this name
   */
  public static Guarantee parse(String word) {
    return Arrays.stream(values())
        .filter(guarantee -> guarantee.word().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new MerlonException(
                    new Failure.Configuration(
                        "There is no guarantee '" + word + "'",
                        "Use one of " + words(", ") + ".")));
  }

  /** What bounds have to make up for. */
  public Rounding rounding() {
    return switch (this) {
      case REAL -> Rounding.REAL;
      case DEPLOYED -> Rounding.DEPLOYED;
      case NOMINAL -> Rounding.IGNORED;
    };
  }

  /**
   * Checks that the guarantee can be given for a model.
   *
   * @throws MerlonException (configuration) when it cannot
   */
  public void requirePossible(ImportedModel model) {
    requirePossible(model.network(), model.ending());
  }

  /**
   * Checks that the guarantee can be given for a network whose file has this ending: what ONNX
   * Runtime's own approximations of curved functions are off by is not documented, nor what its
   * softmax is off by, which can make classes equal that are not.
   *
   * @throws MerlonException (configuration) when it cannot
   */
  public void requirePossible(Network network, Ending ending) {
    requirePossible(network);
    requirePossible(ending);
  }

  private void requirePossible(Network network) {
    if (this != DEPLOYED) {
      return;
    }
    for (Node node : network.activations()) {
      if (!((Activation) node.operation()).isRectifier()) {
        throw new MerlonException(
            new Failure.Configuration(
                "Guarantee 'deployed' cannot be given for this model: how exactly ONNX Runtime"
                    + " computes the activation of layer '"
                    + node.name()
                    + "' is not known",
                "Use --guarantee real."));
      }
    }
  }

  private void requirePossible(Ending ending) {
    if (this == DEPLOYED && ending != Ending.LOGITS) {
      throw new MerlonException(
          new Failure.Configuration(
              "Guarantee 'deployed' cannot be given for this model: how exactly ONNX Runtime"
                  + " computes its last operator, "
                  + ending.operator()
                  + ", is not known",
              "Use --guarantee real."));
    }
  }

  private static String words(String separator) {
    return Arrays.stream(values()).map(Guarantee::word).collect(Collectors.joining(separator));
  }
}
