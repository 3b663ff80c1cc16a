import Foundation
import Testing

@testable import TensorCore

@Suite struct AvailableMemoryTests {
  /// A made-up `/proc` and `/sys`, which goes with the value.
  private final class Machine {
    let root = FileManager.default.temporaryDirectory.path + "/dlcli-test-\(UUID().uuidString)"

    init(_ files: [String: String]) throws {
      for (path, text) in files {
        let file = URL(fileURLWithPath: root + path)
        try FileManager.default.createDirectory(
          at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
      }
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    func available(addressSpace: Int? = nil) -> AvailableMemory? {
      AvailableMemory.read(root: root, addressSpace: addressSpace)
    }
  }

  private let memory =
    "MemTotal:       24000000 kB\nMemFree:  100 kB\nMemAvailable:    1000 kB\nSwapFree: 24 kB\n"

  @Test func aMachineWithoutLimitsLeavesWhatItHas() throws {
    let machine = try Machine(["/proc/meminfo": memory, "/proc/self/cgroup": "0::/\n"])
    #expect(machine.available() == AvailableMemory(bytes: 1024 * 1024, bound: .machine))
  }

  @Test func aSystemThatTellsNothingIsNoBound() throws {
    #expect(try Machine([:]).available() == nil)
  }

  /// Files that the system only remembers are given back when memory is needed.
  @Test func aGroupAboveBindsToo() throws {
    let group = "/sys/fs/cgroup/user.slice"
    let machine = try Machine([
      "/proc/meminfo": memory, "/proc/self/cgroup": "0::/user.slice/run.scope\n",
      group + "/run.scope/memory.max": "max\n", group + "/run.scope/memory.current": "5\n",
      group + "/memory.max": "5000\n", group + "/memory.current": "4500\n",
      group + "/memory.stat": "anon 4000\ninactive_file 200\nactive_file 100\n",
    ])
    #expect(machine.available() == AvailableMemory(bytes: 800, bound: .controlGroup))
  }

  @Test func theFirstVersionOfGroupsBindsToo() throws {
    let group = "/sys/fs/cgroup/memory/docker/1"
    let machine = try Machine([
      "/proc/meminfo": memory,
      "/proc/self/cgroup": "9:name=systemd:/\n4:cpu,memory:/docker/1\n0::/\n",
      group + "/memory.limit_in_bytes": "6000\n", group + "/memory.usage_in_bytes": "5500\n",
      group + "/memory.stat": "cache 3\ntotal_inactive_file 10\ntotal_active_file 20\n",
    ])
    #expect(machine.available() == AvailableMemory(bytes: 530, bound: .controlGroup))
  }

  /// A container is told the path that its group has outside, and sees the group as the root.
  @Test func aContainerSeesItsGroupAsTheRoot() throws {
    let machine = try Machine([
      "/proc/meminfo": memory, "/proc/self/cgroup": "0::/docker/1\n",
      "/sys/fs/cgroup/memory.max": "900\n", "/sys/fs/cgroup/memory.current": "1000\n",
    ])
    #expect(machine.available() == AvailableMemory(bytes: 0, bound: .controlGroup))
  }

  @Test func theLimitOfAProcessCountsWhatItHas() throws {
    let page = Int(sysconf(Int32(_SC_PAGESIZE)))
    let machine = try Machine(["/proc/meminfo": memory, "/proc/self/statm": "3 1 1 1 0 1 0\n"])
    #expect(
      machine.available(addressSpace: 10 * page)
        == AvailableMemory(bytes: 7 * page, bound: .processLimit))
    #expect(machine.available(addressSpace: page)?.bytes == 0)
  }

  @Test func thisMachineTellsSomething() throws {
    let available = try #require(AvailableMemory.current)
    #expect(available.bytes > 1 << 20 && available.bytes < 1 << 50)
  }
}
