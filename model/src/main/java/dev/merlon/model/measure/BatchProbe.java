package dev.merlon.model.measure;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import dev.merlon.config.value.ThreatSpec;
import dev.merlon.model.bound.box.Box;
import dev.merlon.model.bound.box.BoxPropagation;
import dev.merlon.model.bound.box.BoxTrace;
import dev.merlon.model.network.Node;
import dev.merlon.model.norm.NormBall;
import java.util.Arrays;
import java.util.List;

/** Measures one model on one batch of a sample. */
final class BatchProbe {
  private final ProbeBatch batch;

  BatchProbe(ProbeBatch batch) {
    this.batch = batch;
  }

  /** Adds the batch to one tally per perturbation. Returns how many images are right. */
  int addTo(List<ThreatTally> tallies) {
    double[] clean = batch.cleanMargins();
    for (ThreatTally tally : tallies) {
      ThreatSpec threat = tally.threat();
      NormBall set = NormBall.of(threat, true);
      double[] attacked = batch.attackedMargins(set);
      double[] ibp = intervalBounds(set, tally);
      double[] crownIbp = batch.crownIbpBounds(set);
      for (int n = 0; n < batch.size(); n++) {
        tally.add(clean[n], attacked[n], crownIbp[n], ibp[n]);
      }
    }
    return (int) Arrays.stream(clean).filter(margin -> margin > 0).count();
  }

  private double[] intervalBounds(NormBall set, ThreatTally tally) {
    return batch.inWide(
        in -> {
          BoxTrace trace = BoxPropagation.over(in.live(), in.x(), set);
          List<Node> relus = in.live().network().rectifiers();
          for (int layer = 0; layer < relus.size(); layer++) {
            count(tally, layer, trace.operand(relus.get(layer)));
          }
          return in.smallest(trace.marginLowerBounds(in.labels()));
        });
  }

  private static void count(ThreatTally tally, int layer, Box before) {
    double all = before.lower().size();
    double dead = truths(before.upper().lte(0));
    double active = truths(before.lower().gte(0).logicalAnd(before.upper().gt(0)));
    tally.add(layer, dead, all - dead - active, active);
  }

  private static double truths(NDArray flags) {
    return flags.toType(DataType.INT64, false).sum().getLong();
  }
}
