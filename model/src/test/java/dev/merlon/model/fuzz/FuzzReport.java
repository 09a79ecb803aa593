package dev.merlon.model.fuzz;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What came out of many cases.
 *
 * @param cases how many ended
 * @param ends how many ended in which way
 * @param faults what should not have happened
 * @param megabytes the most memory that a process held
 * @param slowest milliseconds of the slowest case
 */
record FuzzReport(
    long cases, Map<String, Integer> ends, List<String> faults, long megabytes, long slowest) {

  /** Of the lines that {@link FuzzRun} wrote. */
  static FuzzReport of(List<String> lines) {
    Map<String, Integer> ends = new TreeMap<>();
    List<String> faults = new ArrayList<>();
    long megabytes = 0;
    long slowest = 0;
    for (String line : lines) {
      String[] parts = line.split("\t", 4);
      slowest = Math.max(slowest, Long.parseLong(parts[1]));
      megabytes = Math.max(megabytes, Long.parseLong(parts[2]));
      boolean expected = parts[3].startsWith("answered") || parts[3].startsWith("refused");
      ends.merge(expected ? parts[3] : "fault", 1, Integer::sum);
      if (!expected) {
        faults.add("case " + parts[0] + " " + parts[3]);
      }
    }
    return new FuzzReport(lines.size(), ends, faults, megabytes, slowest);
  }
}
