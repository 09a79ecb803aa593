package dev.merlon.model.onnx.operator;

import dev.merlon.config.failure.MerlonException;
import dev.merlon.model.onnx.graph.WrittenOperator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Versions of ONNX's operator set that are written, and the version of the file format that goes
 * with each: by the table of releases on ONNX's page "Versioning" (ONNX 1.13 to 1.21), where an
 * older set takes the format of opset 18. ONNX Runtime reads format 8 since 1.10.
 */
public final class OperatorSets {
  /** The newest operator set written and read, ONNX 1.21's. */
  public static final int NEWEST = 26;

  /** Version of the file format by the first operator set that it belongs to. */
  private static final NavigableMap<Integer, Integer> FORMATS =
      new TreeMap<>(Map.of(1, 8, 19, 9, 21, 10, 23, 11, 24, 12, 25, 13));

  /** The newest version of the file format that is read. */
  public static final int NEWEST_FORMAT = FORMATS.lastEntry().getValue();

  private OperatorSets() {}

  /** Version of the file format that a file of an operator set is written in. */
  public static int format(int opset) {
    return FORMATS.floorEntry(opset).getValue();
  }

  /** The lowest operator set that holds all of these. */
  static int lowest(List<WrittenOperator> operators) {
    return operators.stream().mapToInt(WrittenOperator::since).max().orElse(1);
  }

  /**
   * The operator set of a file with these operators.
   *
   * @param wanted the one that is asked for; 0 for the lowest that holds them
   * @throws MerlonException (configuration) when it is none that holds them, or none that is known
   */
  public static int of(List<WrittenOperator> operators, int wanted) {
    int lowest = lowest(operators);
    if (wanted == 0) {
      return lowest;
    }
    if (wanted > NEWEST) {
      throw refused(wanted, "the newest that is known is " + NEWEST, lowest);
    }
    operators.stream()
        .filter(operator -> operator.since() > wanted)
        .findFirst()
        .ifPresent(
            operator -> {
              throw refused(
                  wanted,
                  "operator "
                      + operator.name()
                      + " is written as operator set "
                      + operator.since()
                      + " defines it",
                  lowest);
            });
    return wanted;
  }

  private static MerlonException refused(int wanted, String problem, int lowest) {
    return MerlonException.configuration(
        "export.opset is " + wanted + ": " + problem,
        "Set it to " + lowest + " to " + NEWEST + ", or leave it out for the lowest.");
  }
}
