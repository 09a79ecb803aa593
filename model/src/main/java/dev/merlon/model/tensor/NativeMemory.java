package dev.merlon.model.tensor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What native memory is in use: open scopes and live tensors per owner, and the process's resident
 * memory. The counters are the process's, as the engine is. Thread-safe; the number of live tensors
 * is exact only while no other thread works in the counted scopes.
 */
public final class NativeMemory {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");
  private static final Set<Scope> OPEN = ConcurrentHashMap.newKeySet();

  private NativeMemory() {}

  /** Open scopes by owner. */
  public static Map<String, Integer> openScopes() {
    Map<String, Integer> byOwner = new TreeMap<>();
    OPEN.forEach(scope -> byOwner.merge(scope.owner(), 1, Integer::sum));
    return byOwner;
  }

  /** Live tensors by owner of the scope that holds them. */
  public static Map<String, Integer> liveTensors() {
    Map<String, Integer> byOwner = new TreeMap<>();
    OPEN.forEach(scope -> byOwner.merge(scope.owner(), scope.liveTensors(), Integer::sum));
    return byOwner;
  }

  /**
   * Resident memory of the process in bytes, heap included; empty where the operating system does
   * not say.
   */
  public static OptionalLong residentBytes() {
    try {
      Matcher resident = RESIDENT.matcher(Files.readString(STATUS));
      return resident.find()
          ? OptionalLong.of(Long.parseLong(resident.group(1)) * 1024)
          : OptionalLong.empty();
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  static void opened(Scope scope) {
    OPEN.add(scope);
  }

  static boolean closed(Scope scope) {
    return OPEN.remove(scope);
  }

  /** Stops counting scopes that were closed with the one around them. */
  static void forgetClosed() {
    OPEN.removeIf(Scope::isClosed);
  }
}
