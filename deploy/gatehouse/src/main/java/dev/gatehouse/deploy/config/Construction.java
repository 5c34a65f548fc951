package dev.gatehouse.deploy.config;

import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;

/**
 * Calls the constructor of a record, which refuses values by an {@link IllegalArgumentException}
 * whose message begins with the name of the component: {@code port must be between 0 and 65535}.
 * What is known to be wrong is replaced by its default, or by nothing, so that the constructor gets
 * to see the other components as well. One use, one thread.
 */
final class Construction<T> {
  private static final Pattern NOT_IN_A_NAME = Pattern.compile("\\W+");

  private final Class<T> type;
  private final List<RecordComponent> components;
  private final List<String> names;
  private final Object[] values;
  private final Set<String> wrong = new HashSet<>();

  Construction(Class<T> type) {
    this.type = type;
    this.components = List.of(type.getRecordComponents());
    this.names = components.stream().map(RecordComponent::getName).toList();
    this.values = new Object[components.size()];
  }

  void put(RecordComponent component, Object value) {
    values[names.indexOf(component.getName())] = value;
  }

  /** Says that the value of a component was refused. */
  void replace(RecordComponent component) {
    wrong.add(component.getName());
    put(component, Defaults.of(type, component).orElseGet(() -> nothing(component.getType())));
  }

  /**
   * Makes the record.
   *
   * @param refused told of every value that the constructor refuses: the name of the component,
   *     empty where it names none, and why
   * @return empty if a value was refused, here or before
   */
  Optional<T> make(BiConsumer<String, String> refused) {
    while (true) {
      try {
        T made = constructor().newInstance(values);
        return wrong.isEmpty() ? Optional.of(made) : Optional.empty();
      } catch (InvocationTargetException e) {
        if (!findsWrong(e.getTargetException(), refused)) {
          return Optional.empty();
        }
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("a configuration record must be public: " + type, e);
      }
    }
  }

  /** Whether there may be more to find. */
  private boolean findsWrong(Throwable refusal, BiConsumer<String, String> refused) {
    String message = String.valueOf(refusal.getMessage());
    Optional<RecordComponent> named =
        components.stream().filter(it -> message.startsWith(it.getName() + " ")).findFirst();
    List<String> words = NOT_IN_A_NAME.splitAsStream(message).toList();
    boolean ofReplacement =
        !wrong.isEmpty()
            && (!(refusal instanceof IllegalArgumentException)
                || named.isEmpty()
                || words.stream().anyMatch(wrong::contains));
    if (ofReplacement) {
      return false;
    } else if (named.isEmpty()) {
      refused.accept("", message);
      return false;
    }
    String name = named.get().getName();
    refused.accept(name, message.substring(name.length() + 1));
    replace(named.get());
    return true;
  }

  private Constructor<T> constructor() throws NoSuchMethodException {
    Class<?>[] types = components.stream().map(RecordComponent::getType).toArray(Class<?>[]::new);
    return type.getDeclaredConstructor(types);
  }

  /** Null, or the zero of a primitive type. */
  private static Object nothing(Class<?> type) {
    return Array.get(Array.newInstance(type, 1), 0);
  }
}
