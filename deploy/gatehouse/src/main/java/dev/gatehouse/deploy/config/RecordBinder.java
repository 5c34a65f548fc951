package dev.gatehouse.deploy.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/** Fills records from a tree and collects what is wrong with it. One use, one thread. */
final class RecordBinder {
  private final Placeholders placeholders;
  private final List<ConfigFault> faults = new ArrayList<>();

  RecordBinder(Placeholders placeholders) {
    this.placeholders = placeholders;
  }

  /** What is wrong with what was bound so far. */
  List<ConfigFault> faults() {
    return List.copyOf(faults);
  }

  /** Makes a record; empty if there are faults in it. */
  <T> Optional<T> bind(JsonNode node, Class<T> type, String path) {
    if (!node.isObject() && !isAbsent(node)) {
      return fault(path, "expected a group of settings, found " + shown(node));
    }
    RecordComponent[] components = type.getRecordComponents();
    reportUnknown(node, components, path);
    Construction<T> construction = new Construction<>(type);
    for (RecordComponent component : components) {
      String name = component.getName();
      int faultsBefore = faults.size();
      Optional<Object> value =
          node.hasNonNull(name)
              ? value(node.get(name), component.getGenericType(), below(path, name))
              : absent(type, component, below(path, name));
      if (value.isPresent() && faults.size() == faultsBefore) {
        construction.put(component, value.get());
      } else {
        construction.replace(component);
      }
    }
    return construction.make((name, problem) -> fault(below(path, name), problem));
  }

  private void reportUnknown(JsonNode node, RecordComponent[] components, String path) {
    List<String> known = Arrays.stream(components).map(RecordComponent::getName).toList();
    node.propertyStream()
        .map(Map.Entry::getKey)
        .filter(key -> !known.contains(key))
        .forEach(
            key -> fault(below(path, key), "there is no such setting, expected one of " + known));
  }

  private Optional<Object> value(JsonNode node, Type type, String path) {
    if (type instanceof ParameterizedType generic) {
      return container(node, generic, path);
    }
    Class<?> raw = (Class<?>) type;
    if (raw == OptionalInt.class) {
      return scalar(node, int.class, path).map(value -> OptionalInt.of((int) value));
    } else if (raw == OptionalLong.class) {
      return scalar(node, long.class, path).map(value -> OptionalLong.of((long) value));
    } else if (raw.isRecord() && node.isObject()) {
      return bind(node, raw, path).map(Object.class::cast);
    }
    return scalar(node, raw, path);
  }

  private Optional<Object> container(JsonNode node, ParameterizedType type, String path) {
    Type[] arguments = type.getActualTypeArguments();
    Class<?> raw = (Class<?>) type.getRawType();
    if (raw == Optional.class) {
      return isEmptied(node)
          ? Optional.of(Optional.empty())
          : value(node, arguments[0], path).map(Optional::of);
    } else if (raw == Map.class) {
      return node.isObject()
          ? Optional.of(entries(node, arguments[1], path))
          : fault(path, "expected names with values, found " + shown(node));
    } else if (!node.isArray()) {
      return fault(path, "expected a list, found " + shown(node));
    }
    List<Object> elements = elements(node, arguments[0], path);
    return Optional.of(raw == Set.class ? new LinkedHashSet<>(elements) : elements);
  }

  /** Whether a variable that is not set has left nothing of an optional setting. */
  private boolean isEmptied(JsonNode node) {
    try {
      return node.isValueNode() && placeholders.resolve(node.asText()).isEmpty();
    } catch (IllegalArgumentException _) {
      // What is wrong with the placeholder is said where the value is read.
      return false;
    }
  }

  private List<Object> elements(JsonNode node, Type type, String path) {
    List<Object> elements = new ArrayList<>();
    for (int i = 0; i < node.size(); i++) {
      value(node.get(i), type, path + "[" + i + "]").ifPresent(elements::add);
    }
    return elements;
  }

  private Map<String, Object> entries(JsonNode node, Type type, String path) {
    Map<String, Object> entries = new LinkedHashMap<>();
    node.propertyStream()
        .forEach(entry ->
            value(entry.getValue(), type, path + "." + entry.getKey())
                .ifPresent(value -> entries.put(entry.getKey(), value)));
    return entries;
  }

  private Optional<Object> scalar(JsonNode node, Class<?> type, String path) {
    if (!node.isValueNode()) {
      return fault(path, "expected a single value, found " + shown(node));
    }
    try {
      Optional<Object> value = Scalars.read(placeholders.resolve(node.asText()), type);
      return value.isPresent()
          ? value
          : fault(path, "expected a group of settings, found " + shown(node));
    } catch (IllegalArgumentException e) {
      return fault(path, String.valueOf(e.getMessage()));
    }
  }

  private Optional<Object> absent(Class<?> owner, RecordComponent component, String path) {
    Class<?> type = component.getType();
    Optional<Object> declared = Defaults.of(owner, component);
    if (declared.isPresent()) {
      return declared;
    } else if (type.isRecord()) {
      return bind(MissingNode.getInstance(), type, path).map(Object.class::cast);
    }
    return fault(path, "is missing, expected " + Scalars.expected(type));
  }

  private <T> Optional<T> fault(String path, String problem) {
    faults.add(new ConfigFault(path, Redaction.of(problem)));
    return Optional.empty();
  }

  private static String below(String path, String name) {
    return path.isEmpty() || name.isEmpty() ? path + name : path + "." + name;
  }

  private static boolean isAbsent(JsonNode node) {
    return node.isMissingNode() || node.isNull();
  }

  private static String shown(JsonNode node) {
    return switch (node.getNodeType()) {
      case OBJECT -> "a group of settings";
      case ARRAY -> "a list";
      default -> "\"" + node.asText() + "\"";
    };
  }
}
