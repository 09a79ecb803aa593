package dev.merlon.model.bound.box;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.merlon.model.bound.linear.CrownBounds;
import dev.merlon.model.bound.linear.CrownOptions;
import dev.merlon.model.golden.GoldenCase;
import dev.merlon.model.golden.GoldenCase.Setup;
import dev.merlon.model.golden.GoldenCases;
import dev.merlon.model.network.Concrete;
import dev.merlon.model.norm.LInf;
import dev.merlon.model.norm.NormBall;
import dev.merlon.model.norm.Rows;
import dev.merlon.model.tensor.Autograd;
import dev.merlon.model.tensor.CounterRandom;
import dev.merlon.model.tensor.NativeMemory;
import dev.merlon.model.tensor.Scalars;
import dev.merlon.model.tensor.Scope;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InputSetTest {
  private static final double TOLERANCE = 1e-10;
  private final GoldenCase conv = GoldenCases.bundled("conv_stride2");
  private Scope scope;
  private Setup setup;

  @BeforeEach
  void open() {
    scope = Scope.open("test");
    setup = quiet(() -> conv.open(scope, false));
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @Test
  void between_cornersOfABall_boundsAsTheBall() {
    NormBall set = new NormBall(new LInf(), 0.02, true);
    InputSet ball = InputSet.around(setup.x(), set);
    InputSet box = InputSet.between(set.lower(setup.x()), set.upper(setup.x()));

    for (CrownOptions options : new CrownOptions[] {CrownOptions.full(), CrownOptions.sparse()}) {
      assertThat(crown(box, options)).containsExactly(crown(ball, options), within(TOLERANCE));
    }
    CrownOptions everyLayer = CrownOptions.everyLayerConcretised();
    assertThat(crownIbp(box, everyLayer))
        .containsExactly(crownIbp(ball, everyLayer), within(TOLERANCE));
  }

  @Test
  void affineImages_linearFunction_isSmallestAtACornerOfParametersAndErrors() {
    double[][] shape = {{0.5, 0.25, 0.75}, {0.1, -0.2, 0.05}, {0.03, 0.04, -0.02}};
    double[] error = {0.01, 0, 0.02};
    double[] row = {1, -2, 0.5};
    double lowest = Double.POSITIVE_INFINITY;
    for (int corner = 0; corner < 1 << 5; corner++) {
      double value = 0;
      for (int i = 0; i < row.length; i++) {
        double moved = sign(corner, 0) * shape[1][i] + sign(corner, 1) * shape[2][i];
        value += row[i] * (shape[0][i] + moved + sign(corner, 2 + i) * error[i]);
      }
      lowest = Math.min(lowest, value);
    }
    InputSet images =
        new InputSet.AffineImages(
            image(shape[0]), List.of(image(shape[1]), image(shape[2])), image(error));
    NDArray rows = scope.tensor(row, DataType.FLOAT64, 1, 1, row.length);

    assertThat(images.minimum(new Rows(rows)).toDoubleArray())
        .containsExactly(new double[] {lowest}, within(1e-12));
    assertThat(images.reach().box().lower().toDoubleArray())
        .containsExactly(new double[] {0.36, 0.01, 0.66}, within(1e-12));
  }

  private static int sign(int corner, int bit) {
    return (corner >> bit & 1) == 1 ? 1 : -1;
  }

  private NDArray image(double... values) {
    return scope.tensor(values, DataType.FLOAT64, 1, 1, 1, values.length);
  }

  @Test
  void between_unevenBoxes_boundEveryPointOfThem() {
    InputSet box = unevenBoxes();
    double[] crown = crown(box, CrownOptions.sparse());
    double[] crownIbp = crownIbp(box, CrownOptions.everyLayerConcretised());
    InputSet.Boxes corners = (InputSet.Boxes) box;
    RandomGenerator random = CounterRandom.of(2, 0, 0, CounterRandom.Role.DATA);

    double closest = Double.POSITIVE_INFINITY;
    for (int i = 0; i < 200; i++) {
      NDArray share = share(random);
      NDArray width = corners.upper().sub(corners.lower());
      NDArray point = corners.lower().add(width.mul(share));
      double[] logits = quiet(() -> Concrete.logits(setup.live(), point)).toDoubleArray();
      for (int j = 0; j < logits.length; j++) {
        assertThat(logits[j]).isGreaterThan(crown[j]).isGreaterThan(crownIbp[j]);
        closest = Math.min(closest, logits[j] - crown[j]);
      }
    }
    assertThat(closest).isLessThan(1);
  }

  @Test
  void between_boxesOfOnePoint_boundByItsLogits() {
    NDArray x = setup.x();
    InputSet point = InputSet.between(x, x);
    double[] logits = quiet(() -> Concrete.logits(setup.live(), x)).toDoubleArray();

    assertThat(crown(point, CrownOptions.full())).containsExactly(logits, within(TOLERANCE));
  }

  @Test
  void crown_overBoxes_leavesNothingButTheResult() {
    try (Scope batch = scope.child("batch")) {
      InputSet box = unevenBoxes().in(batch);
      NDArray rows = eye();
      Map<String, Integer> open = NativeMemory.openScopes();
      int before = batch.liveTensors();
      quiet(
          () -> {
            try (CrownBounds bounds = CrownBounds.of(setup.live(), box, CrownOptions.sparse())) {
              return bounds.lower(setup.live().network().output().id(), rows);
            }
          });
      assertThat(batch.liveTensors()).isEqualTo(before + 1);
      assertThat(NativeMemory.openScopes()).isEqualTo(open);
    }
  }

  // Corners drawn around the samples, some axes fixed.
  private InputSet unevenBoxes() {
    RandomGenerator random = CounterRandom.of(1, 0, 0, CounterRandom.Role.DATA);
    NDArray below = Scalars.times(share(random), 0.05);
    NDArray above = Scalars.times(share(random), 0.05);
    NDArray moves = share(random).gt(0.3).toType(DataType.FLOAT64, false);
    NDArray x = setup.x();
    return InputSet.between(x.sub(below.mul(moves)), x.add(above.mul(moves)));
  }

  private NDArray share(RandomGenerator random) {
    Shape shape = setup.x().getShape();
    return CounterRandom.uniform(random, scope, DataType.FLOAT64, 0, 1, shape.getShape());
  }

  private NDArray eye() {
    int classes = setup.live().network().classes();
    return scope.manager().eye(classes).toType(DataType.FLOAT64, false).expandDims(0);
  }

  private double[] crown(InputSet input, CrownOptions options) {
    return quiet(
            () -> {
              try (CrownBounds bounds = CrownBounds.of(setup.live(), input, options)) {
                return bounds.lower(setup.live().network().output().id(), eye());
              }
            })
        .toDoubleArray();
  }

  private double[] crownIbp(InputSet input, CrownOptions options) {
    return quiet(
            () -> {
              BoxTrace trace = BoxPropagation.over(setup.live(), input);
              try (CrownBounds bounds = CrownBounds.overBoxes(trace, input, options)) {
                return bounds.lower(setup.live().network().output().id(), eye());
              }
            })
        .toDoubleArray();
  }

  private static <T> T quiet(Supplier<T> work) {
    return Autograd.withoutGradients(work);
  }
}
