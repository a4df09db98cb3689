import type { TensorMetadata, TFEOpAttr, TFJSBinding } from "@tensorflow/tfjs-node-gpu/dist/tfjs_binding.js";

/** The part of TensorFlow's protocol buffers that a graph is written in. */
interface Messages {
  AttrValue: { new (): AttrValue; ListValue: new () => ListValue };
  GraphDef: new () => { addNode(node: NodeDef): void; setVersions(versions: object): void };
  MetaGraphDef: {
    new (): { setMetaInfoDef(information: object): void; setGraphDef(graph: object): void };
    MetaInfoDef: new () => { addTags(tag: string): void };
  };
  NodeDef: new () => NodeDef;
  SavedModel: new () => {
    setSavedModelSchemaVersion(version: number): void;
    addMetaGraphs(graph: object): void;
    serializeBinary(): Uint8Array;
  };
  Tensor: new () => {
    setDtype(type: number): void;
    setTensorShape(shape: object): void;
    setTensorContent(bytes: Uint8Array): void;
  };
  TensorShape: {
    new (): { addDim(dimension: object): void };
    Dim: new () => { setSize(size: number): void };
  };
  VersionDef: new () => { setProducer(version: number): void };
}

interface AttrValue {
  setS(text: Uint8Array): void;
  setI(value: number): void;
  setF(value: number): void;
  setB(value: boolean): void;
  setType(type: number): void;
  setShape(shape: object): void;
  setTensor(tensor: object): void;
  setList(list: ListValue): void;
}

interface ListValue {
  addI(value: number): void;
}

interface NodeDef {
  setName(name: string): void;
  setOp(name: string): void;
  addInput(name: string): void;
  getAttrMap(): { set(name: string, value: AttrValue): void };
}

/** Version of graphs that TensorFlow 2.21 writes; of an older one it would take operations to mean what they meant then. */
const GRAPH_VERSION = 2474;

/** Operations whose types TensorFlow.js leaves to be guessed, which a graph does not do. */
const untold: Readonly<Record<string, (binding: TFJSBinding, output: TensorMetadata) => [string, number][]>> =
  {
    ExpandDims: (binding, { dtype }) => [
      ["T", dtype],
      ["Tdim", binding.TF_INT32],
    ],
  };

/** Operations as TensorFlow's SavedModel holds them. */
export class GraphFile {
  private readonly messages: Messages = require("@tensorflow/tfjs-node-gpu/dist/proto/api_pb.js") as Messages;
  private readonly graph = new this.messages.GraphDef();
  private readonly count = { input: 0, constant: 0, operation: 0 };

  /** Adds an input; inputs are called input0, input1 … @returns the name of what it gives */
  input(type: number, shape: readonly number[]): string {
    const node = this.node("Placeholder", "input");
    node.set("dtype", (value) => value.setType(type));
    node.set("shape", (value) => value.setShape(this.shape(shape)));
    return node.name;
  }

  /** @returns the name of what it gives */
  constant(type: number, shape: readonly number[], bytes: Uint8Array): string {
    const tensor = new this.messages.Tensor();
    tensor.setDtype(type);
    tensor.setTensorShape(this.shape(shape));
    tensor.setTensorContent(bytes);
    const node = this.node("Const", "constant");
    node.set("dtype", (value) => value.setType(type));
    node.set("value", (value) => value.setTensor(tensor));
    return node.name;
  }

  /**
   * Adds an operation as TensorFlow.js calls it.
   * @param inputs names of what goes in
   * @returns the name of each output
   */
  operation(
    binding: TFJSBinding,
    operation: string,
    attributes: readonly TFEOpAttr[],
    inputs: readonly string[],
    outputs: readonly TensorMetadata[],
  ): string[] {
    // A kernel of oneDNN that we call by its name; a graph takes it by itself.
    const ours = /^_Mkl(.*)$/.exec(operation)?.[1];
    const node = this.node(ours ?? operation, "operation");
    for (const input of inputs) node.definition.addInput(input);
    for (const [name, type] of untold[operation]?.(binding, outputs[0]) ?? []) {
      node.set(name, (value) => value.setType(type));
    }
    for (const attribute of attributes) {
      if (ours !== undefined && attribute.name === "_kernel") continue;
      node.set(attribute.name, (value) => this.fill(value, binding, attribute));
    }
    const stem = node.name.slice(0, -":0".length);
    return outputs.map((_, i) => `${stem}:${i}`);
  }

  bytes(): Uint8Array {
    const { MetaGraphDef, SavedModel, VersionDef } = this.messages;
    const versions = new VersionDef();
    versions.setProducer(GRAPH_VERSION);
    this.graph.setVersions(versions);
    const information = new MetaGraphDef.MetaInfoDef();
    information.addTags("serve");
    const whole = new MetaGraphDef();
    whole.setMetaInfoDef(information);
    whole.setGraphDef(this.graph);
    const model = new SavedModel();
    model.setSavedModelSchemaVersion(1);
    model.addMetaGraphs(whole);
    return model.serializeBinary();
  }

  private node(operation: string, kind: keyof GraphFile["count"]) {
    const definition = new this.messages.NodeDef();
    const name = `${kind}${this.count[kind]++}`;
    definition.setName(name);
    definition.setOp(operation);
    this.graph.addNode(definition);
    const set = (attribute: string, fill: (value: AttrValue) => void) => {
      const value = new this.messages.AttrValue();
      fill(value);
      definition.getAttrMap().set(attribute, value);
    };
    return { name: `${name}:0`, definition, set };
  }

  private fill(target: AttrValue, binding: TFJSBinding, { name, type, value }: TFEOpAttr): void {
    if (type === binding.TF_ATTR_SHAPE) target.setShape(this.shape(value as number[]));
    else if (type === binding.TF_ATTR_INT && Array.isArray(value)) {
      const list = new this.messages.AttrValue.ListValue();
      for (const one of value as number[]) list.addI(one);
      target.setList(list);
    } else if (Array.isArray(value)) throw new Error(`a graph cannot hold the list ${name}`);
    else if (type === binding.TF_ATTR_STRING) target.setS(Buffer.from(value as string));
    else if (type === binding.TF_ATTR_INT) target.setI(value as number);
    else if (type === binding.TF_ATTR_FLOAT) target.setF(value as number);
    else if (type === binding.TF_ATTR_BOOL) target.setB(value as boolean);
    else if (type === binding.TF_ATTR_TYPE) target.setType(value as number);
    else throw new Error(`a graph cannot hold the attribute ${name}`);
  }

  private shape(sizes: readonly number[]): object {
    const shape = new this.messages.TensorShape();
    for (const size of sizes) {
      const dimension = new this.messages.TensorShape.Dim();
      dimension.setSize(size);
      shape.addDim(dimension);
    }
    return shape;
  }
}
