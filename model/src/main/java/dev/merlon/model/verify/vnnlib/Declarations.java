package dev.merlon.model.verify.vnnlib;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * The variables of a text in the order of their declaration: inputs {@code X} and outputs {@code
 * Y}, each an element of a tensor by its index. Not thread-safe.
 */
final class Declarations {
  private static final int MOST_AXES = 8;
  private static final int LONGEST_INDEX = 9;

  private final Map<String, Integer> numbers = new HashMap<>();
  private final List<String> names = new ArrayList<>();
  private final List<int[]> indices = new ArrayList<>();
  private final BitSet inputs = new BitSet();

  /**
   * Declares {@code X_3} or {@code Y_0_1}; {@code X_0-1} is an index of two axes as well.
   *
   * @return why it cannot be declared, if so
   */
  Optional<String> declare(String name) {
    boolean input = name.startsWith("X_");
    if (!input && !name.startsWith("Y_")) {
      return Optional.of("variable " + Refusal.quoted(name) + " is neither X_i nor Y_j");
    }
    Optional<int[]> index = index(name.substring(2).split("[_-]", -1));
    if (index.isEmpty()) {
      return Optional.of("variable " + Refusal.quoted(name) + " has no index such as X_0 or X_0_1");
    }
    return add(name, input, index.get());
  }

  /**
   * Declares every element of a tensor, as {@code X[0,1]}.
   *
   * @return why it cannot be declared, if so
   */
  Optional<String> declare(String tensor, boolean input, int... shape) {
    int size = Arrays.stream(shape).reduce(1, Math::multiplyExact);
    for (int flat = 0; flat < size; flat++) {
      int[] index = DeclaredTensor.index(flat, shape);
      String name = tensor + Arrays.toString(index).replace(" ", "");
      Optional<String> problem = add(name, input, index);
      if (problem.isPresent()) {
        return problem;
      }
    }
    return Optional.empty();
  }

  private Optional<String> add(String name, boolean input, int[] index) {
    if (numbers.putIfAbsent(name, names.size()) != null) {
      return Optional.of("variable " + Refusal.quoted(name) + " is declared twice");
    }
    inputs.set(names.size(), input);
    names.add(name);
    indices.add(index);
    return Optional.empty();
  }

  private static Optional<int[]> index(String... parts) {
    if (parts.length > MOST_AXES || !Arrays.stream(parts).allMatch(Declarations::isIndex)) {
      return Optional.empty();
    }
    return Optional.of(Arrays.stream(parts).mapToInt(Integer::parseInt).toArray());
  }

  private static boolean isIndex(String text) {
    boolean digits =
        !text.isEmpty()
            && text.length() <= LONGEST_INDEX
            && text.chars().allMatch(c -> c >= '0' && c <= '9');
    return digits && (text.length() == 1 || text.charAt(0) != '0');
  }

  /** The number of a variable's declaration. */
  Optional<Integer> find(String name) {
    return Optional.ofNullable(numbers.get(name));
  }

  boolean isInput(int declaration) {
    return inputs.get(declaration);
  }

  /**
   * The tensor of the inputs or of the outputs, and where each of its declarations lies in it.
   *
   * @throws IncompleteTensor when its elements do not fill a tensor
   */
  Layout layout(boolean input) {
    int[] declarations =
        IntStream.range(0, names.size()).filter(number -> inputs.get(number) == input).toArray();
    String letter = input ? "X" : "Y";
    if (declarations.length == 0) {
      throw new IncompleteTensor("no " + (input ? "input" : "output") + " is declared");
    }
    int[] shape = indices.get(declarations[0]).clone();
    for (int declaration : declarations) {
      int[] index = indices.get(declaration);
      if (index.length != shape.length) {
        throw new IncompleteTensor(
            names.get(declaration) + " has another number of axes than the first " + letter);
      }
      Arrays.setAll(shape, axis -> Math.max(shape[axis], index[axis]));
    }
    Arrays.setAll(shape, axis -> shape[axis] + 1);
    return filled(letter, shape, declarations);
  }

  private Layout filled(String letter, int[] shape, int... declarations) {
    Map<Integer, Integer> positions = new HashMap<>();
    String[] ordered = new String[declarations.length];
    BitSet seen = new BitSet();
    for (int declaration : declarations) {
      OptionalInt flat = DeclaredTensor.position(indices.get(declaration), shape, ordered.length);
      if (flat.isPresent() && !seen.get(flat.getAsInt())) {
        seen.set(flat.getAsInt());
        ordered[flat.getAsInt()] = names.get(declaration);
        positions.put(declaration, flat.getAsInt());
      }
    }
    if (seen.cardinality() < ordered.length || !DeclaredTensor.hasSize(shape, ordered.length)) {
      throw new IncompleteTensor(
          "the declared %s do not fill a tensor %s: element %s is missing or there twice"
              .formatted(
                  letter,
                  Arrays.toString(shape),
                  Arrays.toString(DeclaredTensor.index(seen.nextClearBit(0), shape))));
    }
    return new Layout(DeclaredTensor.of(List.of(ordered), shape), positions);
  }

  /**
   * A tensor and the place of each variable in it.
   *
   * @param tensor names in row-major order
   * @param positions flat position by number of the declaration
   */
  record Layout(DeclaredTensor tensor, Map<Integer, Integer> positions) {}

  /** Declarations that make no tensor; the message says why. */
  static final class IncompleteTensor extends RuntimeException {
    private static final long serialVersionUID = 1L;

    IncompleteTensor(String problem) {
      super(problem);
    }
  }
}
