package dev.merlon.model.file;

import com.fasterxml.jackson.databind.JsonNode;

/** Fields of a line that is a JSON object. */
public final class LineFields {
  private LineFields() {}

  /**
   * A field that has to be there; it may be {@code null} in JSON.
   *
   * @throws IllegalArgumentException if it is not
   */
  public static JsonNode required(JsonNode line, String field) {
    JsonNode value = line.get(field);
    if (value == null) {
      throw new IllegalArgumentException("no field '" + field + "'");
    }
    return value;
  }
}
