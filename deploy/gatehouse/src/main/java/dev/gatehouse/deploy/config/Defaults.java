package dev.gatehouse.deploy.config;

import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What a setting is that is not written. A record says so by a public constant of the setting's
 * name ({@code MAX_LINE_BYTES} for {@code maxLineBytes}), or for all its settings by {@code
 * DEFAULT}. An optional setting is empty, a list too, and a switch is off.
 */
final class Defaults {
  private Defaults() {}

  /** The default of a record's component; empty if it must be written. */
  static Optional<Object> of(Class<?> owner, RecordComponent component) {
    String constant = component.getName().replaceAll("([A-Z])", "_$1").toUpperCase(Locale.ROOT);
    return constant(owner, constant, component.getType())
        .or(() -> constant(owner, "DEFAULT", owner).map(defaults -> read(component, defaults)))
        .or(() -> constant(component.getType(), "DEFAULT", component.getType()))
        .or(() -> empty(component.getType()));
  }

  private static Optional<Object> constant(Class<?> owner, String name, Class<?> type) {
    return Arrays.stream(owner.getDeclaredFields())
        .filter(field -> Modifier.isStatic(field.getModifiers()))
        .filter(field -> Modifier.isPublic(field.getModifiers()))
        .filter(field -> field.getName().equals(name) && field.getType() == type)
        .findFirst()
        .map(Defaults::read);
  }

  private static Object read(Field field) {
    try {
      return field.get(null);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("a configuration record must be public: " + field, e);
    }
  }

  private static Object read(RecordComponent component, Object defaults) {
    try {
      return component.getAccessor().invoke(defaults);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("a configuration record must be public: " + component, e);
    }
  }

  private static Optional<Object> empty(Class<?> type) {
    if (type == Optional.class) {
      return Optional.of(Optional.empty());
    } else if (type == OptionalInt.class) {
      return Optional.of(OptionalInt.empty());
    } else if (type == OptionalLong.class) {
      return Optional.of(OptionalLong.empty());
    } else if (type == List.class) {
      return Optional.of(List.of());
    } else if (type == Set.class) {
      return Optional.of(Set.of());
    } else if (type == Map.class) {
      return Optional.of(Map.of());
    }
    return type == boolean.class ? Optional.of(false) : Optional.empty();
  }
}
