package dev.merlon.model.verify.property;

import dev.merlon.model.onnx.ImportedModel;
import dev.merlon.model.verify.runtime.RuntimePredictor;
import dev.merlon.model.verify.vnnlib.Format;
import dev.merlon.model.verify.vnnlib.Numbers;
import dev.merlon.model.verify.vnnlib.VnnLibProperty;
import dev.merlon.model.verify.vnnlib.Witness;
import java.util.Optional;

/** Asks a model file whether an input that was a counterexample before still is one. */
public final class WitnessReplay {
  private static final int THREADS = 1;

  private WitnessReplay() {}

  /**
   * The witness that an input is, by what ONNX Runtime gives for exactly these numbers.
   *
   * @param x one number for each input, of the file's type
   * @return nothing where it is no counterexample
   */
  public static Optional<Witness> of(ImportedModel model, VnnLibProperty property, double... x) {
    if (x.length != property.inputs().size()) {
      return Optional.empty();
    }
    try (RuntimePredictor predictor = RuntimePredictor.open(model, THREADS)) {
      Numbers given = new Numbers(Format.of(predictor.inputType()), x);
      double[] y = predictor.replay(x, 1)[0];
      return Witness.of(property, given, new Numbers(Format.of(predictor.outputType()), y));
    }
  }
}
