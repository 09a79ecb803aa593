package dev.merlon.model.norm;

import com.fasterxml.jackson.databind.JsonNode;
import dev.merlon.config.value.Radius;
import dev.merlon.config.value.ThreatSpec;
import dev.merlon.model.file.LineFields;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The kind of set that a norm and a radius make. */
public final class NormBalls implements SetKind {
  private static final Pattern CANONICAL =
      Pattern.compile("([a-z0-9]+):(0x[0-9a-f.p-]+) clip (\\[0,1]|none)");

  @Override
  public List<String> keywords() {
    return Norms.ALL.stream().map(Norm::name).toList();
  }

  @Override
  public Optional<PerturbationSet> ofCanonical(String canonical) {
    Matcher text = CANONICAL.matcher(canonical);
    return text.matches()
        ? Optional.of(
            new NormBall(
                Norm.of(text.group(1)),
                Double.parseDouble(text.group(2)),
                !text.group(3).equals("none")))
        : Optional.empty();
  }

  @Override
  public NormBall parse(String text, boolean clip) {
    return NormBall.of(ThreatSpec.parse(text), clip);
  }

  @Override
  public NormBall read(JsonNode line) {
    String name = LineFields.required(line, "norm").asText();
    double eps = LineFields.required(line, "eps").doubleValue();
    String clip = LineFields.required(line, "clip").toString();
    if (!clip.equals("null") && !clip.equals("[0,1]")) {
      throw new IllegalArgumentException("clip is " + clip + ", not [0,1] or null");
    }
    Optional<String> text = Optional.ofNullable(line.get("set")).map(JsonNode::asText);
    Radius radius = text.map(written -> written(written, name, eps)).orElse(Radius.of(eps));
    return new NormBall(Norm.of(name), radius, !clip.equals("null"));
  }

  private static Radius written(String text, String name, double eps) {
    return Optional.of(text)
        .filter(all -> all.startsWith(name + ":"))
        .flatMap(all -> Radius.parse(all.substring(name.length() + 1)))
        .filter(radius -> radius.value() == eps)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "set is " + text + " where norm and eps are " + name + " and " + eps));
  }
}
