package dev.merlon.model.verify;

import dev.merlon.model.onnx.operator.Ending;
import dev.merlon.model.tensor.RowGroups;
import dev.merlon.model.verify.question.Inputs;
import dev.merlon.model.verify.question.Question;
import dev.merlon.model.verify.runtime.Logits;
import dev.merlon.model.verify.runtime.Predictor;
import dev.merlon.model.verify.verdict.Outcome;
import dev.merlon.model.verify.verdict.Rung;
import java.util.List;

/** Ends queries whose input already gets another class. */
final class PredictStep implements RungStep {
  private final Predictor predictor;
  private final int batch;

  PredictStep(Predictor predictor, int batch) {
    this.predictor = predictor;
    this.batch = batch;
  }

  @Override
  public Rung rung() {
    return Rung.PREDICT;
  }

  @Override
  public int batch() {
    return batch;
  }

  @Override
  public void answer(List<OpenQuery> queries, Question question) {
    float[] inputs = Inputs.concatenate(queries.stream().map(open -> open.query().x()).toList());
    float[] filled = RowGroups.filled(inputs, queries.size());
    int rows = RowGroups.count(queries.size());
    double[][] outputs = predictor.outputs(filled, rows);
    double[][] logits =
        predictor.ending() == Ending.LOGITS ? outputs : predictor.logits(filled, rows);
    for (int n = 0; n < queries.size(); n++) {
      OpenQuery open = queries.get(n);
      if (!Logits.finite(outputs[n]) || !Logits.finite(logits[n])) {
        open.end(new Outcome.Unknown(Rung.PREDICT, "ONNX Runtime's outputs are not finite"));
        continue;
      }
      int predicted = Logits.best(outputs[n]);
      open.predicted(predicted, logits[n]);
      if (predicted != open.query().label()) {
        open.end(new Outcome.Misclassified());
      }
    }
  }
}
