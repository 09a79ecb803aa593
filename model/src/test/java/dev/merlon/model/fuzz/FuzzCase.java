package dev.merlon.model.fuzz;

import dev.merlon.model.onnx.Specimens;
import dev.merlon.model.verify.vnnlib.TextMutations;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * One damaged model file or property, which its number alone decides.
 *
 * @param number of the case
 * @param kind what was damaged, and how
 * @param seed name of the file that was damaged
 * @param model the model's bytes
 * @param property the property asked about it; none where the ladder of a certification is climbed
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record FuzzCase(long number, Kind kind, String seed, byte[] model, Optional<String> property) {
  private static final Map<String, byte[]> OWN = Specimens.all();
  private static final int OTHERS = 16;
  private static final String ASKED = "vectors";
  private static final int INPUTS = 6;
  private static final int OUTPUTS = 3;

  /** What was damaged. */
  enum Kind {
    MODEL_BYTES,
    MODEL_GRAPH,
    PROPERTY_TEXT,
    PROPERTY_MODEL
  }

  /** The files that cases come from. */
  static Map<String, byte[]> seeds(Optional<Path> more) {
    Map<String, byte[]> seeds = new TreeMap<>(OWN);
    more.ifPresent(folder -> seeds.putAll(read(folder)));
    return seeds;
  }

  /** The case of this number. */
  static FuzzCase of(long number, Map<String, byte[]> seeds) {
    RandomGenerator random = new SplittableRandom(number);
    // Other files are larger, and take longer.
    boolean own = random.nextInt(OTHERS) > 0;
    List<String> names = new ArrayList<>(new TreeMap<>(own ? OWN : seeds).keySet());
    Kind kind = kind(random);
    String name = kind == Kind.PROPERTY_TEXT ? ASKED : ExtremeValues.of(names, random);
    byte[] seed = seeds.getOrDefault(name, new byte[0]);
    byte[] other = seeds.getOrDefault(ExtremeValues.of(names, random), new byte[0]);
    byte[] model =
        switch (kind) {
          case MODEL_BYTES -> ByteMutations.of(seed, other, random);
          case MODEL_GRAPH, PROPERTY_MODEL -> GraphMutations.of(seed, random);
          case PROPERTY_TEXT -> seed;
        };
    Optional<String> property =
        switch (kind) {
          case PROPERTY_TEXT -> Optional.of(TextMutations.once(text(random), random));
          case PROPERTY_MODEL -> Optional.of("");
          default -> Optional.empty();
        };
    return new FuzzCase(number, kind, name, model, property);
  }

  private static Kind kind(RandomGenerator random) {
    return switch (random.nextInt(10)) {
      case 0, 1, 2 -> Kind.MODEL_BYTES;
      case 3, 4, 5, 6 -> Kind.MODEL_GRAPH;
      case 7 -> Kind.PROPERTY_MODEL;
      default -> Kind.PROPERTY_TEXT;
    };
  }

  /** A property that a model of so many inputs and outputs can be asked about. */
  static String property(long inputs, int outputs) {
    StringBuilder text = new StringBuilder();
    for (long i = 0; i < inputs; i++) {
      text.append("(declare-const X_" + i + " Real)(assert (<= 0.49 X_" + i + " 0.51))\n");
    }
    for (int j = 0; j < outputs; j++) {
      text.append("(declare-const Y_" + j + " Real)\n");
    }
    return text.append("(assert (or (<= Y_0 -1e9) (>= Y_" + (outputs - 1) + " 1e9)))").toString();
  }

  private static String text(RandomGenerator random) {
    return switch (random.nextInt(3)) {
      case 0 -> property(INPUTS, OUTPUTS);
      case 1 ->
          "(vnnlib-version <2.0>)(declare-network N (declare-input X real [1,6])"
              + " (declare-output Y real [1,3]))"
              + "(assert (and (<= 0.4 X[0,0] 0.5) (<= 0 X[0,1] 1) (<= 0 X[0,2] 1)"
              + " (= X[0,3] 0.5) (= X[0,4] 0.5) (= X[0,5] (/ 1 3))))"
              + "(assert (or (>= Y[0,0] Y[0,1]) (<= (- Y[0,0]) 3)))";
      default ->
          property(INPUTS, OUTPUTS)
              + "(assert (or (and (<= Y_0 Y_1) (> Y_0 1.5e-3)) (= (+ Y_0 (* 2 Y_1)) X_0)))"
              + "(assert (or (<= X_0 0.5) (and (>= X_0 0.505) (or (< Y_1 1) (< Y_0 1)))))";
    };
  }

  private static Map<String, byte[]> read(Path folder) {
    Map<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> all = Files.list(folder)) {
      for (Path file : all.toList()) {
        files.put(String.valueOf(file.getFileName()), Files.readAllBytes(file));
      }
      return files;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
