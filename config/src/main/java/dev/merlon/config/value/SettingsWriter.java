package dev.merlon.config.value;

import com.typesafe.config.ConfigUtil;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Writes settings as canonical HOCON: one {@code key = value} a line, keys in the order of the
 * calls, no comments, nothing that depends on the host. Remembers every full key it wrote, with its
 * value.
 */
public final class SettingsWriter {
  private final StringBuilder text = new StringBuilder();
  private final Map<String, String> values = new LinkedHashMap<>();
  private String indent = "";
  private String prefix = "";

  /** A section in braces, whose keys {@code write} writes. */
  public void section(String key, Consumer<SettingsWriter> write) {
    String outerIndent = indent;
    String outerPrefix = prefix;
    text.append(indent).append(key).append(" {\n");
    indent = outerIndent + "  ";
    prefix = outerPrefix + key + ".";
    write.accept(this);
    indent = outerIndent;
    prefix = outerPrefix;
    text.append(indent).append("}\n");
  }

  /** A text in quotes. */
  public void text(String key, String value) {
    line(key, ConfigUtil.quoteString(value));
  }

  /** A whole number. */
  public void whole(String key, long value) {
    line(key, Long.toString(value));
  }

  /** A number, in the shortest form that reads as the same double. */
  public void decimal(String key, double value) {
    line(key, Double.toString(value));
  }

  /** As it was written. */
  public void radius(String key, Radius value) {
    String text = value.text();
    line(key, text.matches("[0-9.eE/-]+") ? text : ConfigUtil.quoteString(text));
    values.put(prefix + key, Decimals.text(value.value()));
  }

  /** {@code true} or {@code false}. */
  public void flag(String key, boolean value) {
    line(key, Boolean.toString(value));
  }

  /** A constant, as {@link Words} writes it. */
  public void choice(String key, Enum<?> value) {
    line(key, Words.of(value));
  }

  /** A time in whole seconds, or else in milliseconds. */
  public void duration(String key, Duration value) {
    line(key, value.toMillis() % 1000 == 0 ? value.toSeconds() + " s" : value.toMillis() + " ms");
  }

  /** A list of numbers. */
  public void numbers(String key, List<? extends Number> values) {
    line(key, list(values.stream().map(Number::toString).toList()));
  }

  /** A list of texts in quotes. */
  public void texts(String key, List<String> values) {
    line(key, list(values.stream().map(ConfigUtil::quoteString).toList()));
  }

  /** HOCON on one line. */
  public void hocon(String key, String value) {
    line(key, value);
  }

  /** The document so far. */
  public String document() {
    return text.toString();
  }

  /** The full keys written so far with their values, in order; equal radii have equal values. */
  public Map<String, String> values() {
    return Collections.unmodifiableMap(values);
  }

  private void line(String key, String value) {
    values.put(prefix + key, value);
    text.append(indent).append(key).append(" = ").append(value).append('\n');
  }

  private static String list(List<String> values) {
    return values.stream().collect(Collectors.joining(", ", "[", "]"));
  }
}
