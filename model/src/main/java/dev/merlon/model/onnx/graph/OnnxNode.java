package dev.merlon.model.onnx.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An operator of a file being read. Attributes are taken out as they are understood, so that {@link
 * #requireNoOtherAttributes} can refuse what nobody has understood.
 */
public final class OnnxNode {
  private final String name;
  private final NodeProto proto;
  private final Map<String, AttributeProto> unread = new HashMap<>();

  /**
   * @param name its name, or that of its result where the file gives none
   */
  public OnnxNode(String name, NodeProto proto) {
    this.name = name;
    this.proto = proto;
    for (AttributeProto attribute : proto.getAttributeList()) {
      ModelFormatException.unless(
          unread.put(attribute.getName(), attribute) == null,
          "attribute " + attribute.getName() + " is given twice");
    }
  }

  String name() {
    return name;
  }

  /** The ONNX operator, such as {@code Conv}. */
  public String operator() {
    return proto.getOpType();
  }

  /** Name of the tensor it computes. */
  public String output() {
    return proto.getOutput(0);
  }

  /** Names of all operands. */
  public List<String> inputs() {
    return proto.getInputList();
  }

  /** Name of the tensor that is operand {@code index}, counted from 0. */
  public String input(int index) {
    return proto.getInput(index);
  }

  /** Whether an optional operand is given. */
  public boolean hasInput(int index) {
    return index < proto.getInputCount() && !proto.getInput(index).isEmpty();
  }

  /** Refuses another number of operands; the first {@code least} must be given. */
  public void requireInputs(int least, int most) {
    int count = proto.getInputCount();
    boolean given = count >= least && count <= most;
    for (int i = 0; given && i < least; i++) {
      given = hasInput(i);
    }
    ModelFormatException.unless(
        given, "its " + count + " operand(s) " + proto.getInputList() + " do not fit");
  }

  /** An integer attribute. */
  public long integer(String attribute, long byDefault) {
    return take(attribute, AttributeType.INT).map(AttributeProto::getI).orElse(byDefault);
  }

  /** An integer attribute that must be given. */
  public long requiredInteger(String attribute) {
    return take(attribute, AttributeType.INT)
        .map(AttributeProto::getI)
        .orElseThrow(() -> new ModelFormatException("it has no attribute " + attribute));
  }

  /** A real attribute. */
  public float real(String attribute, float byDefault) {
    return take(attribute, AttributeType.FLOAT).map(AttributeProto::getF).orElse(byDefault);
  }

  /** An attribute of several integers. */
  public List<Long> integers(String attribute, List<Long> byDefault) {
    return take(attribute, AttributeType.INTS).map(AttributeProto::getIntsList).orElse(byDefault);
  }

  /** A text attribute. */
  public String text(String attribute, String byDefault) {
    return take(attribute, AttributeType.STRING)
        .map(a -> a.getS().toStringUtf8())
        .orElse(byDefault);
  }

  /** A tensor attribute that must be given. */
  public TensorProto tensor(String attribute) {
    return take(attribute, AttributeType.TENSOR)
        .map(AttributeProto::getT)
        .orElseThrow(
            () -> new ModelFormatException("it is only supported with an attribute " + attribute));
  }

  /** Refuses any other value of an integer attribute. */
  public void requireInteger(String attribute, long byDefault, long only) {
    long value = integer(attribute, byDefault);
    ModelFormatException.unless(
        value == only, attribute + " " + value + " is not supported, only " + only);
  }

  /** Refuses any other value of an attribute of several integers. */
  public void requireIntegers(String attribute, List<Long> byDefault, List<Long> only) {
    List<Long> value = integers(attribute, byDefault);
    ModelFormatException.unless(
        value.equals(only), attribute + " " + value + " are not supported, only " + only);
  }

  /** Refuses attributes that have not been read. */
  public void requireNoOtherAttributes() {
    ModelFormatException.unless(
        unread.isEmpty(), "attribute(s) " + sorted(unread) + " are not supported");
  }

  private Optional<AttributeProto> take(String attribute, AttributeType type) {
    Optional<AttributeProto> found = Optional.ofNullable(unread.remove(attribute));
    found.ifPresent(
        a -> {
          ModelFormatException.unless(
              a.getType() == type, "attribute " + attribute + " is not of type " + type);
          ModelFormatException.unless(
              a.getRefAttrName().isEmpty(), "attribute " + attribute + " refers to another");
        });
    return found;
  }

  private static List<String> sorted(Map<String, AttributeProto> attributes) {
    return attributes.keySet().stream().sorted().toList();
  }
}
