package dev.merlon.model.checkpoint;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.google.protobuf.UnsafeByteOperations;
import dev.merlon.model.network.ParameterValues;
import dev.merlon.model.optimize.Adam;
import dev.merlon.model.tensor.HostTensor;
import dev.merlon.model.training.AverageState;
import dev.merlon.model.training.BestModel;
import dev.merlon.model.training.LearnerState;
import dev.merlon.model.training.NaturalBranch;
import dev.merlon.proto.Accumulator;
import dev.merlon.proto.AveragedWeights;
import dev.merlon.proto.BestValue;
import dev.merlon.proto.BranchState;
import dev.merlon.proto.Cursor;
import dev.merlon.proto.ElementType;
import dev.merlon.proto.NamedTensor;
import dev.merlon.proto.OptimizerState;
import dev.merlon.proto.Snapshot;
import dev.merlon.proto.Tensor;
import dev.merlon.proto.TensorBytes;
import dev.merlon.proto.WeightVersion;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Training snapshots as Protobuf messages and back, without loss. */
final class SnapshotMessages {
  private static final String SELECTION = "selection";

  private SnapshotMessages() {}

  static Snapshot message(TrainingSnapshot snapshot) {
    LearnerState learner = snapshot.learner();
    Snapshot.Builder message =
        Snapshot.newBuilder()
            .setCursor(message(snapshot.cursor()))
            .addWeights(
                WeightVersion.newBuilder()
                    .setUpdates(snapshot.cursor().globalStep())
                    .addAllTensors(messages(learner.values().tensors())))
            .setOptimizer(message(learner.optimizer()))
            .addAllAccumulators(accumulators(snapshot.tally()))
            .setMetricsBytes(snapshot.metricsBytes());
    learner.average().ifPresent(average -> message.setAverage(message(average)));
    learner.branch().ifPresent(branch -> message.setBranch(message(branch)));
    snapshot.best().ifPresent(best -> message.addBestValues(message(best)));
    return message.build();
  }

  /**
   * The snapshot of a message.
   *
   * @throws IllegalArgumentException if the message is not one that {@link #message} makes
   */
  static TrainingSnapshot snapshot(RunIdentity identity, Snapshot message) {
    if (message.getWeightsCount() != 1) {
      throw new IllegalArgumentException(message.getWeightsCount() + " versions of weights");
    }
    LearnerState learner =
        new LearnerState(
            new ParameterValues(tensors(message.getWeights(0).getTensorsList())),
            optimizer(message.getOptimizer()),
            message.hasAverage() ? Optional.of(average(message.getAverage())) : Optional.empty(),
            message.hasBranch() ? Optional.of(branch(message.getBranch())) : Optional.empty());
    return new TrainingSnapshot(
        identity,
        cursor(message.getCursor()),
        learner,
        tally(message.getAccumulatorsList()),
        message.getMetricsBytes(),
        message.getBestValuesList().stream().findFirst().map(SnapshotMessages::best));
  }

  static Cursor message(RunCursor cursor) {
    return Cursor.newBuilder()
        .setEpoch(cursor.epoch())
        .setStep(cursor.step())
        .setGlobalStep(cursor.globalStep())
        .build();
  }

  static RunCursor cursor(Cursor message) {
    return new RunCursor(message.getEpoch(), message.getStep(), message.getGlobalStep());
  }

  private static OptimizerState message(Adam.State optimizer) {
    return OptimizerState.newBuilder()
        .setStepCount(optimizer.steps())
        .addAllFirstMoments(messages(optimizer.first()))
        .addAllSecondMoments(messages(optimizer.second()))
        .build();
  }

  private static Adam.State optimizer(OptimizerState message) {
    return new Adam.State(
        message.getStepCount(),
        tensors(message.getFirstMomentsList()),
        tensors(message.getSecondMomentsList()));
  }

  private static BranchState message(NaturalBranch branch) {
    return BranchState.newBuilder()
        .addAllStart(messages(branch.start().tensors()))
        .addAllTensors(messages(branch.natural().values().tensors()))
        .setOptimizer(message(branch.natural().optimizer()))
        .build();
  }

  private static NaturalBranch branch(BranchState message) {
    return new NaturalBranch(
        new ParameterValues(tensors(message.getStartList())),
        new LearnerState(
            new ParameterValues(tensors(message.getTensorsList())),
            optimizer(message.getOptimizer())));
  }

  private static AveragedWeights message(AverageState average) {
    return AveragedWeights.newBuilder()
        .setEpochs(average.epochs())
        .addAllTensors(messages(average.values().tensors()))
        .build();
  }

  private static AverageState average(AveragedWeights message) {
    return new AverageState(
        message.getEpochs(), new ParameterValues(tensors(message.getTensorsList())));
  }

  private static BestValue message(BestModel best) {
    return BestValue.newBuilder()
        .setName(SELECTION)
        .setValue(best.value())
        .setEpoch(best.epoch() - 1)
        .build();
  }

  private static BestModel best(BestValue message) {
    return new BestModel(message.getEpoch() + 1, message.getValue());
  }

  private static List<Accumulator> accumulators(EpochSums tally) {
    return tally.sums().entrySet().stream()
        .map(
            entry ->
                Accumulator.newBuilder()
                    .setName(entry.getKey())
                    .setSum(entry.getValue().total())
                    .setCount(entry.getValue().count())
                    .build())
        .toList();
  }

  private static EpochSums tally(List<Accumulator> messages) {
    Map<String, EpochSums.Sum> sums = new LinkedHashMap<>();
    messages.forEach(m -> sums.put(m.getName(), new EpochSums.Sum(m.getSum(), m.getCount())));
    return new EpochSums(sums);
  }

  private static List<NamedTensor> messages(Map<String, HostTensor> tensors) {
    return tensors.entrySet().stream()
        .map(
            entry ->
                NamedTensor.newBuilder()
                    .setName(entry.getKey())
                    .setTensor(message(entry.getValue()))
                    .build())
        .toList();
  }

  // The array is a copy made for the message alone, so it need not be copied again.
  private static Tensor message(HostTensor tensor) {
    Tensor.Builder message = Tensor.newBuilder().setElementType(elementType(tensor.type()));
    Arrays.stream(tensor.shape().getShape()).forEach(message::addShape);
    return message.setData(UnsafeByteOperations.unsafeWrap(tensor.toByteArray())).build();
  }

  private static Map<String, HostTensor> tensors(List<NamedTensor> messages) {
    Map<String, HostTensor> tensors = new LinkedHashMap<>();
    for (NamedTensor message : messages) {
      if (tensors.put(message.getName(), tensor(message.getTensor())) != null) {
        throw new IllegalArgumentException("two tensors are called " + message.getName());
      }
    }
    return tensors;
  }

  private static HostTensor tensor(Tensor message) {
    TensorBytes.checked(message);
    long[] shape = message.getShapeList().stream().mapToLong(Long::longValue).toArray();
    return HostTensor.of(
        dataType(message.getElementType()), new Shape(shape), message.getData().toByteArray());
  }

  private static ElementType elementType(DataType type) {
    return switch (type) {
      case FLOAT32 -> ElementType.FLOAT32;
      case FLOAT64 -> ElementType.FLOAT64;
      case INT64 -> ElementType.INT64;
      default -> throw new IllegalArgumentException("no checkpoint holds tensors of type " + type);
    };
  }

  private static DataType dataType(ElementType type) {
    return switch (type) {
      case FLOAT32 -> DataType.FLOAT32;
      case FLOAT64 -> DataType.FLOAT64;
      case INT64 -> DataType.INT64;
      case ELEMENT_TYPE_UNSPECIFIED, UNRECOGNIZED ->
          throw new IllegalArgumentException("a tensor of an unknown element type");
    };
  }
}
