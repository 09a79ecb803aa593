package dev.merlon.model.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import com.sun.jna.Function;
import com.sun.jna.Library;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.tensor.Convolution.Extent;
import dev.merlon.model.tensor.Convolution.Geometry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The libraries that the engine hands convolutions on a CPU to. What they compute is checked before
 * the engine is used, and a library that computes wrongly is switched off for the process.
 *
 * <p>This is no theory: oneDNN 3.7, which comes with PyTorch 2.7, plans by the sizes of the
 * processor's caches. Where a virtual machine reports none, its reordering of weights and gradients
 * drops blocks of channels, and says nothing (seen on AMD; for other processors
 * uxlfoundation/oneDNN, issue 5313). Bounds that go backwards through a convolution are then no
 * bounds.
 *
 * <p>NNPACK is always off: the engine takes it only where oneDNN is not taken, complains on every
 * call about processors that it does not know, and its fast algorithms round by more than a sum of
 * products does, which is what the bounds of rounding errors assume.
 */
final class ConvolutionLibraries {
  private static final Logger LOG = LoggerFactory.getLogger(ConvolutionLibraries.class);

  // Of the mean size of the values of a result: float32 sums of 500 products err by less than 1e-4
  // of it, a channel that is left out by more than 1e-2.
  private static final double TOLERANCE = 1e-3;

  // Channels that fill the libraries' blocks of 8 and 16 and that do not; steps; groups.
  private static final List<Case> CASES =
      List.of(
          new Case(12, 1, 8, 8, 5, 1, 4, 1),
          new Case(11, 2, 5, 6, 3, 1, 1, 1),
          new Case(7, 2, 19, 6, 2, 1, 0, 1),
          new Case(3, 2, 9, 9, 5, 2, 3, 1),
          new Case(14, 1, 20, 8, 3, 1, 1, 1),
          new Case(4, 16, 32, 8, 4, 2, 1, 1),
          new Case(2, 6, 12, 7, 3, 1, 1, 3),
          new Case(2, 3, 64, 8, 3, 1, 1, 1));

  // dlopen's RTLD_LAZY and RTLD_NOLOAD: the library that is loaded already, and its names stay its
  // own. Without, JNA makes them everybody's, and OR-Tools, which has the same library of flags
  // within it, ends the process.
  private static final Map<String, Object> OF_THE_ENGINE = Map.of(Library.OPTION_OPEN_FLAGS, 1 | 4);

  private ConvolutionLibraries() {}

  private record Case(
      int batch, int in, int out, int size, int kernel, int stride, int padding, int groups) {
    Geometry geometry() {
      return new Geometry(Extent.square(stride), Extent.square(padding), Extent.square(1), groups);
    }
  }

  /**
   * Checks what the engine takes and switches off what computes wrongly.
   *
   * @return what was switched off and why; empty on nearly every machine
   * @throws MerlonException (device) if convolutions stay wrong
   */
  static Optional<String> settle() {
    Optional<Pointer> context = context();
    context.ifPresent(of -> call("_ZN2at7Context20setUserEnabledNNPACKEb", of, 0));
    Optional<String> wrong = firstWrong();
    if (wrong.isEmpty()) {
      return Optional.empty();
    }
    context.ifPresent(of -> call("_ZN2at7Context20setUserEnabledMkldnnEb", of, 0));
    firstWrong()
        .ifPresent(
            still -> {
              throw MerlonException.device(
                  "The engine computes convolutions wrongly on this machine: " + still,
                  "The native library does not work on this processor; use another machine.");
            });
    String remark =
        "oneDNN computes convolutions wrongly on this processor and is not used: " + wrong.get();
    LOG.warn("{}", remark);
    return Optional.of(remark);
  }

  /** What is wrong first: results and gradients in float32 against the same in float64. */
  private static Optional<String> firstWrong() {
    return CASES.stream().flatMap(one -> wrong(one).stream()).findFirst();
  }

  private static Optional<String> wrong(Case one) {
    List<double[]> single = results(one, DataType.FLOAT32);
    // Other code altogether: the libraries are asked for float32 alone.
    List<double[]> right = results(one, DataType.FLOAT64);
    return IntStream.range(0, right.size())
        .filter(index -> !near(right.get(index), single.get(index)))
        .mapToObj(
            index ->
                List.of("values", "gradients by input", "gradients by weight").get(index)
                    + " of a convolution of "
                    + one.in()
                    + " to "
                    + one.out()
                    + " channels")
        .findFirst();
  }

  // Values, gradient by the input, gradient by the weight.
  private static List<double[]> results(Case one, DataType type) {
    try (Scope scope = Scope.open("convolution-check")) {
      Supplier<List<double[]>> work =
          () -> {
            NDArray input =
                scope.leaf(
                    scope.tensor(
                        values(1, one.batch() * one.in() * one.size() * one.size()),
                        type,
                        one.batch(),
                        one.in(),
                        one.size(),
                        one.size()));
            int perGroup = one.in() / one.groups();
            NDArray weight =
                scope.leaf(
                    scope.tensor(
                        values(2, one.out() * perGroup * one.kernel() * one.kernel()),
                        type,
                        one.out(),
                        perGroup,
                        one.kernel(),
                        one.kernel()));
            NDArray bias = scope.tensor(values(3, one.out()), type, one.out());
            NDArray output = Convolution.forward(input, weight, Optional.of(bias), one.geometry());
            Autograd.backward(output.mul(output).sum());
            return List.of(
                HostTensor.copyOf(output).toDoubles(),
                HostTensor.copyOf(Autograd.gradient(input)).toDoubles(),
                HostTensor.copyOf(Autograd.gradient(weight)).toDoubles());
          };
      return Autograd.recording(work);
    }
  }

  private static double[] values(int salt, int count) {
    return IntStream.range(0, count).mapToDouble(at -> Math.sin(salt + 1.7 * at)).toArray();
  }

  static boolean near(double[] right, double[] other) {
    double size =
        IntStream.range(0, right.length).mapToDouble(at -> Math.abs(right[at])).average().orElse(0);
    // Not-a-number is far from everything.
    return IntStream.range(0, right.length)
        .allMatch(
            at -> Math.abs(right[at] - other[at]) <= TOLERANCE * (size + Math.abs(right[at])));
  }

  // The engine's own switches; DJL has no name for them. They are there by these names wherever the
  // Itanium C++ ABI is; elsewhere nothing can be switched off.
  private static Optional<Pointer> context() {
    try {
      return Optional.of(function("_ZN2at13globalContextEv").invokePointer(new Object[0]));
    } catch (LinkageError absent) {
      // Also where JNA cannot unpack its own library, as on a full disk.
      LOG.info("PyTorch's switches are not to be found: {}", absent.getMessage());
      return Optional.empty();
    }
  }

  private static void call(String method, Pointer context, int argument) {
    function(method).invokeVoid(new Object[] {context, argument});
  }

  private static Function function(String name) {
    return NativeLibrary.getInstance("torch_cpu", OF_THE_ENGINE).getFunction(name);
  }
}
