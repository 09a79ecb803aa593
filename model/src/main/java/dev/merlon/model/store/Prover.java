package dev.merlon.model.store;

/**
 * Who found a verdict.
 *
 * @param version of Merlon
 * @param build of that version; empty where it is not known
 * @param node the machine's name in a cluster; empty for the one that keeps the store
 */
public record Prover(String version, String build, String node) {
  /** A version on this machine. */
  public static Prover of(String version) {
    return new Prover(version, "", "");
  }

  /** Whether both try the same things. */
  boolean sameProgram(Prover other) {
    return version.equals(other.version) && build.equals(other.build);
  }

  @Override
  public String toString() {
    return "Merlon " + version + (node.isEmpty() ? "" : " on " + node);
  }
}
